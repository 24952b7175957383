import { admin, organization } from "better-auth/plugins";
import { jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import type { WatchwordOptions } from "../../src/issuer/index.ts";
import { deriveKey } from "../../src/keys/keys.ts";
import { fixedClock } from "../../src/testing/fixed-clock.ts";
import type { RejectEvent } from "../../src/token/verifier-options.ts";
import { askFeed, feedAuthorization, follower, issuerOn, revokes } from "./issuer-fixture.ts";
import {
  ask,
  audience,
  claimsOf,
  issue,
  issuer,
  plugin,
  post,
  realAuth,
  secret,
  signUp,
} from "./real-auth.ts";
import { freshStore } from "./stores.ts";

const reports = "https://reports.test";
const independentKey = "Zp3xK8vQ1nWc6RbT5yHm0LsJ9dFg2aEuVo7iXk4tBqM";

const options: Partial<WatchwordOptions> = {
  scope: "tasks:read tasks:write",
  audiences: { [reports]: { ttlSeconds: 60, scope: ["reports:read"] }, "https://plain.test": {} },
};

async function asked(query: string, given: Partial<WatchwordOptions> = options) {
  const { auth } = await realAuth({ plugins: [plugin(given)] });
  const response = await ask(auth, `/token${query}`, { headers: { cookie: await signUp(auth) } });
  const body = (await response.json()) as { token: string; expiresIn: number; code?: string };
  return { status: response.status, body, claims: body.token ? claimsOf(body.token) : {} };
}

describe("GET /token?audience=", () => {
  it("without it the first audience is meant, with its life and scopes", async () => {
    const { claims, body } = await asked("");
    expect(claims).toMatchObject({ aud: audience, scope: "tasks:read tasks:write" });
    expect(body.expiresIn).toBe(900);
  });

  it("gives the audience's own life and scopes", async () => {
    const { claims, body } = await asked(`?audience=${encodeURIComponent(reports)}`);
    expect(claims).toMatchObject({ aud: reports, scope: "reports:read" });
    expect(body.expiresIn).toBe(60);
  });

  it("gives an audience without scopes none of the others'", async () => {
    const { claims, body } = await asked("?audience=https://plain.test");
    expect(claims).not.toHaveProperty("scope");
    expect(body.expiresIn).toBe(900);
  });

  it("a token for one audience is refused by the verifier of another, whose key is another", async () => {
    const { body } = await asked(`?audience=${reports}`);
    const events: RejectEvent[] = [];
    const onReject = (event: RejectEvent) => events.push(event);
    await expect(
      createVerifier({ issuer, audience, secret, onReject }).verify(body.token),
    ).rejects.toMatchObject({ code: "unknown_key" });
    expect(events).toMatchObject([{ audience: reports, expectedAudience: audience }]);
    await expect(
      createVerifier({ issuer, audience: reports, secret }).verify(body.token),
    ).resolves.toBeDefined();
  });

  it("a stock library with WATCHWORD_KEY of one audience verifies its tokens and no others", async () => {
    const reportsKey = new TextEncoder().encode(deriveKey(secret, reports));
    const { body } = await asked(`?audience=${reports}`);
    await expect(jwtVerify(body.token, reportsKey)).resolves.toMatchObject({ payload: { aud: reports } });
    const { body: other } = await asked("");
    await expect(jwtVerify(other.token, reportsKey)).rejects.toMatchObject({
      code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
    });
  });

  it("an audience signs with a key of its own where it is given one", async () => {
    const given = { audiences: { [reports]: { key: independentKey } } };
    const verifier = createVerifier({ issuer, audience: reports, key: independentKey });
    const { body } = await asked(`?audience=${reports}`, given);
    await expect(verifier.verify(body.token)).resolves.toBeDefined();
    const { body: other } = await asked("", given);
    await expect(createVerifier({ issuer, audience, secret }).verify(other.token)).resolves.toBeDefined();
  });

  it.each([
    ["the key derived from the secret", { audience: reports, secret }],
    ["its WATCHWORD_KEY", { audience: reports, key: deriveKey(secret, reports) }],
  ])("the feed opens for an API of a further audience that has %s", async (_, holder) => {
    const { auth } = await realAuth({ plugins: [plugin({ ...options, revocation: true })] });
    const key = "key" in holder ? holder.key : deriveKey(holder.secret, holder.audience);
    expect((await askFeed(auth, "", feedAuthorization(key))).status).toBe(200);
  });

  it.each([
    "?audience=https://unknown.test",
    "?audience=",
    `?audience=${audience}/`,
    `?audience=${audience}&audience=${reports}`,
    "?audience=better-auth:session-cache",
  ])("%s is refused", async (query) => {
    const { status, body } = await asked(query);
    expect([status, body.code]).toEqual([400, "UNKNOWN_AUDIENCE"]);
  });

  it("names the audience to definePayload", async () => {
    const definePayload: WatchwordOptions["definePayload"] = ({ audience: name }) => ({ for: name });
    const { claims } = await asked(`?audience=${reports}`, { ...options, definePayload });
    expect(claims["for"]).toBe(reports);
  });

  it("is typed on the server", async () => {
    const { auth } = await realAuth({ plugins: [plugin(options)] });
    const headers = new Headers({ cookie: await signUp(auth) });
    const { token } = await auth.api.getToken({ headers, query: { audience: reports } });
    expect(claimsOf(token)["aud"]).toBe(reports);
  });

  it.each<[string, Partial<WatchwordOptions>]>([
    ["the first one again", { audiences: { [audience]: {} } }],
    ["a blank name", { audiences: { " ": {} } }],
    ["a weak key", { audiences: { [reports]: { key: "short" } } }],
    [
      "the key of another audience",
      { key: independentKey, audiences: { [reports]: { key: independentKey } } },
    ],
    ["a life below a minute", { audiences: { [reports]: { ttlSeconds: 59 } } }],
    ["a scope with a quotation mark", { audiences: { [reports]: { scope: 'a"b' } } }],
  ])("construction fails for %s", (_, given) => {
    expect(() => plugin(given)).toThrow(expect.objectContaining({ code: "misconfigured" }));
  });
});

describe("GET /token?ttlSeconds=", () => {
  it("gives a shorter life, in the token and in the answer", async () => {
    const { body, claims } = await asked("?ttlSeconds=60");
    expect([body.expiresIn, Number(claims["exp"]) - Number(claims["iat"])]).toEqual([60, 60]);
  });

  it("is typed on the server", async () => {
    const { auth } = await realAuth({ plugins: [plugin(options)] });
    const headers = new Headers({ cookie: await signUp(auth) });
    expect((await auth.api.getToken({ headers, query: { ttlSeconds: 120 } })).expiresIn).toBe(120);
  });

  it.each([
    "?ttlSeconds=59",
    "?ttlSeconds=901",
    "?ttlSeconds=",
    "?ttlSeconds=60.5",
    "?ttlSeconds=6e1",
    "?ttlSeconds=-60",
    "?ttlSeconds=60&ttlSeconds=60",
    `?audience=${reports}&ttlSeconds=61`,
  ])("%s is refused", async (query) => {
    const { status, body } = await asked(query);
    expect([status, body.code]).toEqual([400, "INVALID_TTL"]);
  });
});

describe("GET /token?scope=", () => {
  it("gives the part that is asked for", async () => {
    expect((await asked("?scope=tasks:read")).claims["scope"]).toBe("tasks:read");
    expect((await asked("?scope=tasks:write+tasks:read")).claims["scope"]).toBe("tasks:write tasks:read");
  });

  it.each([
    "?scope=admin",
    "?scope=tasks:read+admin",
    "?scope=",
    "?scope=tasks:read++tasks:write",
    "?scope=a&scope=b",
  ])("%s is refused", async (query) => {
    const { status, body } = await asked(query);
    expect([status, body.code]).toEqual([400, "INVALID_SCOPE"]);
  });

  it("cannot ask for what definePayload has taken away", async () => {
    const definePayload = () => ({ scope: "tasks:read" });
    expect((await asked("?scope=tasks:write", { ...options, definePayload })).body.code).toBe(
      "INVALID_SCOPE",
    );
    expect((await asked("?scope=tasks:read", { ...options, definePayload })).claims["scope"]).toBe(
      "tasks:read",
    );
  });

  it("cannot be widened by body or header", async () => {
    const { auth } = await realAuth({ plugins: [admin(), plugin(options)] });
    const cookie = await signUp(auth);
    const response = await ask(
      auth,
      "/token?role=admin&roles=admin&sub=eve&exp=9999999999&expiresIn=604800",
      {
        headers: { cookie, "x-scope": "admin", "x-role": "admin", "x-user-id": "eve" },
      },
    );
    const claims = claimsOf(((await response.json()) as { token: string }).token);
    expect(claims).toMatchObject({ role: "user", scope: "tasks:read tasks:write" });
    expect(claims["sub"]).not.toBe("eve");
    expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(900);
  });
});

describe("roles", () => {
  const scopes = { admin: "users:read", "organization:owner": "members:write" };

  it("of the user grant their scopes", async () => {
    const { auth, database } = await realAuth({
      plugins: [admin(), plugin({ scope: "tasks:read", roles: { scopes } })],
    });
    const cookie = await signUp(auth);
    expect(claimsOf((await issue(auth, cookie)).token)).toMatchObject({ role: "user", scope: "tasks:read" });
    database.exec("update user set role = 'user,admin'");
    expect(claimsOf((await issue(auth, cookie)).token)).toMatchObject({
      role: "user,admin",
      scope: "tasks:read users:read",
    });
  });

  it("of the user stay out when they are switched off", async () => {
    const { auth } = await realAuth({ plugins: [admin(), plugin({ roles: { user: false } })] });
    expect(claimsOf((await issue(auth, await signUp(auth))).token)).not.toHaveProperty("role");
  });

  async function inOrganization(roles: WatchwordOptions["roles"]) {
    const store = await freshStore("SQLite");
    const events: unknown[] = [];
    const issuing = await issuerOn(store, {
      options: {
        plugins: [
          admin(),
          organization(),
          plugin({
            revocation: { replicaClockSkewSeconds: 0 },
            roles,
            onEvent: (event) => void events.push(event),
          }),
        ],
      },
    });
    const cookie = await signUp(issuing.auth);
    const created = await post(issuing.auth, "/organization/create", { name: "Acme", slug: "acme" }, cookie);
    const { id } = (await created.json()) as { id: string };
    return { ...issuing, store, cookie, organizationId: id };
  }

  it("in the active organization become prefixed roles, so that its owner is not the site's", async () => {
    const { auth, cookie, organizationId } = await inOrganization({ organization: true, scopes });
    const claims = claimsOf((await issue(auth, cookie)).token);
    expect(claims).toMatchObject({
      role: "user",
      roles: ["organization:owner"],
      organization_id: organizationId,
      scope: "members:write",
    });
    const identity = await createVerifier({ issuer, audience, secret }).verify(
      (await issue(auth, cookie)).token,
    );
    expect(identity.roles).toEqual(["user", "organization:owner"]);
  });

  it("in an organization stay out by default", async () => {
    const { auth, cookie } = await inOrganization(undefined);
    expect(claimsOf((await issue(auth, cookie)).token)).not.toHaveProperty("roles");
  });

  it("in an organization end with the membership, and the tokens that say them too", async () => {
    const { auth, cookie, context } = await inOrganization({ organization: true });
    const token = claimsOf((await issue(auth, cookie)).token);
    const news = await follower(auth);
    const where = [{ field: "userId", value: String(token["sub"]) }];
    await context.adapter.update({ model: "member", where, update: { role: "member" } });
    expect(revokes(await news(), token)).toBe(true);
    expect(claimsOf((await issue(auth, cookie)).token)["roles"]).toEqual(["organization:member"]);
    await context.adapter.deleteMany({ model: "member", where });
    expect(await news()).toMatchObject([{ kind: "user" }]);
    expect(claimsOf((await issue(auth, cookie)).token)).not.toHaveProperty("roles");
  });

  it("construction fails for a blank prefix: an organization's admin would pass for the site's", () => {
    expect(() => plugin({ roles: { organization: { prefix: "" } } })).toThrow(
      expect.objectContaining({ code: "misconfigured" }),
    );
  });
});

describe("the end of the session", () => {
  it("is the end of its tokens, also when it comes before their life is over", async () => {
    const clock = fixedClock(0);
    const { auth, database } = await realAuth({
      session: { disableSessionRefresh: true },
      plugins: [plugin({ clock })],
    });
    const cookie = await signUp(auth);
    const end = Math.floor(Date.now() / 1000) + 3600;
    database.prepare("update session set expiresAt = ?").run(new Date(end * 1000).toISOString());
    clock.advance(end - 100);
    const { expiresAt, expiresIn } = await issue(auth, cookie);
    expect([expiresAt, expiresIn]).toEqual([end, 100]);
  });
});
