import type { AuthContext, BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { nextCookies } from "better-auth/next-js";
import { admin, bearer, multiSession, organization, twoFactor, username } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import type { AuditEvent, WatchwordOptions } from "../../src/better-auth/index.ts";
import { shortPath } from "../../src/better-auth/short-path.ts";
import { ask, claimsOf, issuer, plugin, post, realAuth, signUp } from "./real-auth.ts";

const address = `${issuer}/api/auth/token`;
const watcher = { id: "watcher", onRequest: async () => {} };

/** Better Auth with a signed-in user, and what the short path makes of a request. */
async function shortened(
  plugins: BetterAuthPlugin[] = [],
  {
    options = {},
    watchword = {},
  }: { options?: BetterAuthOptions; watchword?: Partial<WatchwordOptions> } = {},
) {
  const events: AuditEvent[] = [];
  const own = plugin({ onEvent: (event) => void events.push(event), ...watchword });
  const { auth, database } = await realAuth({ ...options, plugins: [...plugins, own] });
  const context = (await auth.$context) as unknown as AuthContext;
  const cookie = await signUp(auth);
  events.length = 0;
  const take = async (headers: Record<string, string> = { cookie }, url = address, method = "GET") =>
    (await shortPath("/token")(new Request(url, { headers, method }), context))?.response;
  return { auth, database, cookie, take, events };
}

describe("the short path", () => {
  it("answers as the endpoint does, claim for claim and header for header", async () => {
    const short = await shortened();
    const long = await shortened([watcher]);
    const [one, other] = await Promise.all(
      [short, long].map(({ auth, cookie }) => ask(auth, "/token", { headers: { cookie } })),
    );
    expect(await short.take(), "the short path is taken, or this test proves nothing").toBeDefined();
    expect(await long.take()).toBeUndefined();
    const headers = (response?: Response) => Object.fromEntries(response?.headers ?? []);
    expect(headers(one)).toEqual(headers(other));
    const bodies = (await Promise.all([one?.json(), other?.json()])) as { token: string }[];
    const [mine = {}, theirs = {}] = bodies.map((body) => Object.keys(body).sort());
    expect(mine).toEqual(theirs);
    const [a, b] = bodies.map(({ token }) => Object.keys(claimsOf(token)));
    expect(a).toEqual(b);
  });

  it("gives the audience and the scope that are asked for", async () => {
    const { take, cookie } = await shortened([], { watchword: { scope: "a b" } });
    const response = await take({ cookie }, `${address}?scope=b`);
    const { token = "" } = (await response?.json()) ?? {};
    expect(claimsOf(token)["scope"]).toBe("b");
  });

  it.each<[string, () => BetterAuthPlugin[]]>([
    ["alone", () => []],
    [
      "beside admin, organization, twoFactor and username",
      () => [admin(), organization(), twoFactor(), username()],
    ],
  ])("is taken %s", async (_, plugins) => {
    const { take } = await shortened(plugins());
    expect((await take())?.status).toBe(200);
  });

  const middleware = createAuthMiddleware(async () => {});
  it.each<[string, BetterAuthPlugin[], BetterAuthOptions]>([
    ["a hook of the application before", [], { hooks: { before: middleware } }],
    ["a hook of the application after", [], { hooks: { after: middleware } }],
    ["bearer(), whose hook reads headers", [bearer()], {}],
    ["nextCookies(), whose hook matches everything", [nextCookies()], {}],
    ["multiSession()", [multiSession()], {}],
    ["a plugin with onRequest", [watcher], {}],
    ["a plugin with onResponse", [{ id: "x", onResponse: async () => {} }], {}],
    [
      "a plugin with a middleware for all paths",
      [{ id: "x", middlewares: [{ path: "/**", middleware }] }],
      {},
    ],
    [
      "a plugin whose matcher looks at the request itself",
      [
        {
          id: "x",
          hooks: {
            before: [{ matcher: ({ request }) => request?.headers.get("x") === "y", handler: middleware }],
          },
        },
      ],
      {},
    ],
  ])("is not taken beside %s", async (_, plugins, options) => {
    const { take, auth, cookie } = await shortened(plugins, { options });
    expect(await take()).toBeUndefined();
    expect((await ask(auth, "/token", { headers: { cookie } })).status).toBe(200);
  });

  it.each<[string, (cookie: string) => [Record<string, string>, string?, string?]]>([
    ["another method", (cookie) => [{ cookie }, address, "POST"]],
    ["a slash at the end", (cookie) => [{ cookie }, `${address}/`]],
    ["another path", (cookie) => [{ cookie }, `${issuer}/token`]],
    ["a repeated parameter", (cookie) => [{ cookie }, `${address}?scope=a&scope=b`]],
    ["no cookie", () => [{}]],
    ["two session cookies", (cookie) => [{ cookie: `${cookie}; ${cookie}` }]],
    [
      "a cookie with another signature",
      (cookie) => [{ cookie: cookie.replace(/\.[^;]*/, `.${"A".repeat(43)}%3D`) }],
    ],
    ["a cookie that is no percent-encoding", (cookie) => [{ cookie: cookie.replace(/=.*/, "=%ZZ") }]],
    ["a foreign origin", (cookie) => [{ cookie, origin: "https://evil.test" }]],
    ["a request of another site", (cookie) => [{ cookie, "sec-fetch-site": "cross-site" }]],
    ["an unknown audience", (cookie) => [{ cookie }, `${address}?audience=x`]],
  ])("leaves %s to the endpoint, without a word in the audit trail", async (_, request) => {
    const { take, cookie, events } = await shortened();
    expect(await take(...request(cookie))).toBeUndefined();
    expect(events).toEqual([]);
  });

  it.each<[string, string, BetterAuthOptions]>([
    ["wants refreshing", "update session set expiresAt = $soon", {}],
    ["has expired", "update session set expiresAt = $past", { session: { disableSessionRefresh: true } }],
    ["is gone", "delete from session where expiresAt != $soon", {}],
  ])("leaves a session that %s to the endpoint", async (_, sql, options) => {
    const { take, database } = await shortened([], { options });
    const soon = new Date(Date.now() + 60_000).toISOString();
    const past = new Date(Date.now() - 1000).toISOString();
    database.prepare(sql).run(sql.includes("$past") ? { $past: past } : { $soon: soon });
    expect(await take()).toBeUndefined();
  });

  it("leaves own claims that are refused to the endpoint, which says why", async () => {
    const definePayload = () => ({ iss: "eve" }) as never;
    const { take, auth, cookie, events } = await shortened([], { watchword: { definePayload } });
    expect(await take()).toBeUndefined();
    expect((await ask(auth, "/token", { headers: { cookie } })).status).toBe(500);
    expect(events).toMatchObject([{ name: "watchword.token.refused", claim: "iss" }]);
  });

  it("writes one event for one token", async () => {
    const { auth, cookie, events } = await shortened();
    await ask(auth, "/token", { headers: { cookie, "x-request-id": "req_12345678" } });
    expect(events).toMatchObject([{ name: "watchword.token.issued", requestId: "req_12345678" }]);
  });

  it("keeps Better Auth's rate limit and disabled paths", async () => {
    const limited = await shortened([], { options: { rateLimit: { enabled: true, window: 60, max: 2 } } });
    const headers = { cookie: limited.cookie, "x-forwarded-for": "192.0.2.7" };
    const statuses: number[] = [];
    for (let call = 0; call < 3; call += 1)
      statuses.push((await ask(limited.auth, "/token", { headers })).status);
    expect(statuses).toEqual([200, 200, 429]);
    const disabled = await shortened([], { options: { disabledPaths: ["/token"] } });
    expect((await ask(disabled.auth, "/token", { headers: { cookie: disabled.cookie } })).status).toBe(404);
  });

  it("gives nothing to a signed-out session", async () => {
    const { auth, take, cookie } = await shortened();
    expect((await take())?.status).toBe(200);
    await post(auth, "/sign-out", {}, cookie);
    expect(await take()).toBeUndefined();
    expect((await ask(auth, "/token", { headers: { cookie } })).status).toBe(401);
  });
});
