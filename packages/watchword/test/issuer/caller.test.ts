import { createAuthMiddleware, getSessionFromCtx } from "better-auth/api";
import { admin, bearer } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { fixedClock } from "../../src/testing/fixed-clock.ts";
import { ask, cookiesOf, issue, issuer, person, plugin, post, realAuth, signUp } from "./real-auth.ts";

const cookieCache = { enabled: true, maxAge: 300 };

async function refusal(response: Response) {
  return {
    status: response.status,
    code: ((await response.json()) as { code?: string }).code,
    stored: response.headers.get("cache-control"),
  };
}

describe("who gets no token", () => {
  it("refuses a caller without a session", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    const response = await ask(auth, "/token");
    expect(await refusal(response)).toEqual({ status: 401, code: "NOT_SIGNED_IN", stored: "no-store" });
  });

  it("refuses a session cookie that Better Auth did not sign", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    const cookie = (await signUp(auth)).replace(/\.[^;]*/, ".AAAA");
    expect((await ask(auth, "/token", { headers: { cookie } })).status).toBe(401);
  });

  it("refuses two sessions, of which a page of a sibling domain has planted one, in either order and on the server too", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    const ada = await signUp(auth);
    const eve = await signUp(auth, { ...person, email: "eve@app.test" });
    for (const cookie of [`${ada}; ${eve}`, `${eve}; theme=dark; ${ada}`]) {
      const response = await ask(auth, "/token", { headers: { cookie } });
      expect(await refusal(response)).toEqual({ status: 400, code: "AMBIGUOUS_SESSION", stored: "no-store" });
      await expect(auth.api.getToken({ headers: new Headers({ cookie }) })).rejects.toMatchObject({
        body: { code: "AMBIGUOUS_SESSION" },
      });
    }
    expect((await ask(auth, "/token", { headers: { cookie: `${ada}; theme=dark; ${ada}` } })).status).toBe(
      200,
    );
  });

  it("refuses the cookies of a signed-out session, though the cookie cache still knows it", async () => {
    const { auth } = await realAuth({ session: { cookieCache }, plugins: [plugin()] });
    await signUp(auth);
    const signedIn = await post(auth, "/sign-in/email", person);
    const cookie = cookiesOf(signedIn);
    expect(cookie).toContain("session_data");
    await issue(auth, cookie);
    await post(auth, "/sign-out", {}, cookie);

    const cached = await ask(auth, "/get-session", { headers: { cookie } });
    expect(await cached.json(), "the cache answers, or this test proves nothing").toMatchObject({
      user: { email: person.email },
    });
    const response = await ask(auth, "/token", { headers: { cookie } });
    expect(await refusal(response)).toEqual({ status: 401, code: "NOT_SIGNED_IN", stored: "no-store" });
  });

  it("refuses a signed-out session that a hook has already read from the cookie cache", async () => {
    const before = createAuthMiddleware(async (ctx) => void (await getSessionFromCtx(ctx)));
    const { auth } = await realAuth({ session: { cookieCache }, hooks: { before }, plugins: [plugin()] });
    const cookie = await signUp(auth);
    await post(auth, "/sign-out", {}, cookie);
    expect((await ask(auth, "/token", { headers: { cookie } })).status).toBe(401);
  });

  it("refuses a revoked session on the server's own call too", async () => {
    const { auth, database } = await realAuth({ session: { cookieCache }, plugins: [plugin()] });
    const headers = new Headers({ cookie: await signUp(auth) });
    database.exec("delete from session");
    await expect(auth.api.getToken({ headers })).rejects.toMatchObject({
      statusCode: 401,
      body: { code: "NOT_SIGNED_IN" },
    });
  });

  it("refuses an expired session", async () => {
    const { auth, database } = await realAuth({ session: { cookieCache }, plugins: [plugin()] });
    const cookie = await signUp(auth);
    database.prepare("update session set expiresAt = ?").run(new Date(Date.now() - 1000).toISOString());
    expect((await ask(auth, "/token", { headers: { cookie } })).status).toBe(401);
  });

  it("judges the session's expiry by its own clock, at the very second", async () => {
    const clock = fixedClock(0);
    const { auth, database } = await realAuth({
      session: { disableSessionRefresh: true },
      plugins: [plugin({ clock })],
    });
    const cookie = await signUp(auth);
    const end =
      Date.parse(String(database.prepare("select expiresAt from session").get()?.["expiresAt"])) / 1000;
    clock.advance(end - 0.001);
    expect((await ask(auth, "/token", { headers: { cookie } })).status).toBe(200);
    clock.advance(0.001);
    expect((await ask(auth, "/token", { headers: { cookie } })).status).toBe(401);
  });

  it("refuses the session of a user who is gone", async () => {
    const { auth, database } = await realAuth({ session: { cookieCache }, plugins: [plugin()] });
    const cookie = await signUp(auth);
    database.exec("pragma foreign_keys = off; delete from user");
    expect((await ask(auth, "/token", { headers: { cookie } })).status).toBe(401);
  });

  it("refuses a banned user whose sign-in was under way when the ban ended every session, until the ban is over", async () => {
    let meanwhile = async () => {};
    const { auth } = await realAuth({
      plugins: [admin(), plugin()],
      databaseHooks: { session: { create: { before: () => meanwhile() } } },
    });
    const { user } = (await (await post(auth, "/sign-up/email", person)).json()) as { user: { id: string } };
    const { internalAdapter } = await auth.$context;
    meanwhile = async () => {
      await internalAdapter.updateUser(user.id, { banned: true });
      await internalAdapter.deleteUserSessions(user.id);
    };
    const cookie = cookiesOf(await post(auth, "/sign-in/email", person));
    const session = await (await ask(auth, "/get-session", { headers: { cookie } })).json();
    expect(session, "there is a session, or this test proves nothing").toMatchObject({
      user: { banned: true },
    });
    const response = await ask(auth, "/token", { headers: { cookie } });
    expect(await refusal(response)).toEqual({ status: 401, code: "NOT_SIGNED_IN", stored: "no-store" });
    await internalAdapter.updateUser(user.id, { banExpires: new Date(Date.now() + 60_000) });
    expect((await ask(auth, "/token", { headers: { cookie } })).status).toBe(401);
    await internalAdapter.updateUser(user.id, { banExpires: new Date(Date.now() - 1000) });
    expect((await ask(auth, "/token", { headers: { cookie } })).status).toBe(200);
  });

  it("says 503 when the session store fails, so that no client signs its user out", async () => {
    const { auth, database } = await realAuth({ session: { cookieCache }, plugins: [plugin()] });
    const cookie = await signUp(auth);
    database.exec("alter table session rename to gone");
    const response = await ask(auth, "/token", { headers: { cookie } });
    expect(await refusal(response)).toEqual({
      status: 503,
      code: "SESSION_STORE_UNAVAILABLE",
      stored: "no-store",
    });
  });
});

describe("a session in use", () => {
  async function nearItsEnd() {
    const { auth, database } = await realAuth({ session: { updateAge: 0 }, plugins: [plugin()] });
    const cookie = await signUp(auth);
    const end = new Date(Date.now() + 60_000).toISOString();
    database.prepare("update session set expiresAt = ?").run(end);
    const stored = () => String(database.prepare("select expiresAt from session").get()?.["expiresAt"]);
    return { auth, cookie, end, stored };
  }

  it("is refreshed by a request, with its cookie", async () => {
    const { auth, cookie, end, stored } = await nearItsEnd();
    const response = await ask(auth, "/token", { headers: { cookie } });
    expect(cookiesOf(response)).toContain("session_token");
    expect(Date.parse(stored())).toBeGreaterThan(Date.parse(end));
  });

  it("is left as it is by a server's own call, which may have no way to set the cookie", async () => {
    const { auth, cookie, end, stored } = await nearItsEnd();
    await auth.api.getToken({ headers: new Headers({ cookie }) });
    expect(stored()).toBe(end);
  });
});

describe("pages that get no token", () => {
  const foreign = [
    "https://evil.test",
    "https://app.test.evil.test",
    "http://app.test",
    "https://app.test:444",
    "null",
  ];

  it.each(foreign)("refuses the origin %s", async (origin) => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    const cookie = await signUp(auth);
    const response = await ask(auth, "/token", { headers: { cookie, origin } });
    expect(await refusal(response)).toEqual({ status: 403, code: "UNTRUSTED_ORIGIN", stored: "no-store" });
  });

  it("refuses a foreign origin even where Better Auth's own check is switched off", async () => {
    const { auth } = await realAuth({
      advanced: { disableCSRFCheck: true, disableOriginCheck: true },
      plugins: [plugin()],
    });
    const headers = { cookie: await signUp(auth), origin: "https://evil.test" };
    expect((await ask(auth, "/token", { headers })).status).toBe(403);
  });

  it("refuses a request that the browser calls cross-site", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    const headers = { cookie: await signUp(auth), "sec-fetch-site": "cross-site" };
    const response = await ask(auth, "/token", { headers });
    expect(await refusal(response)).toEqual({ status: 403, code: "CROSS_SITE_REQUEST", stored: "no-store" });
  });

  it.each(["same-origin", "same-site", "none"])(
    "serves a request that the browser calls %s",
    async (site) => {
      const { auth } = await realAuth({ plugins: [plugin()] });
      const headers = { cookie: await signUp(auth), origin: issuer, "sec-fetch-site": site };
      expect((await ask(auth, "/token", { headers })).status).toBe(200);
    },
  );

  it("serves a page of another site whose origin Better Auth is told to trust", async () => {
    const { auth } = await realAuth({ trustedOrigins: ["https://front.test"], plugins: [plugin()] });
    const headers = { cookie: await signUp(auth), "sec-fetch-site": "cross-site" };
    const from = (origin: string) => ask(auth, "/token", { headers: { ...headers, origin } });
    expect((await from("https://front.test")).status).toBe(200);
    expect((await from("https://evil.test")).status).toBe(403);
    expect((await from("null")).status).toBe(403);
  });

  it("serves whose only credential is an Authorization header, from anywhere", async () => {
    const { auth, database } = await realAuth({ plugins: [bearer(), plugin()] });
    const cookie = await signUp(auth);
    const token = String(database.prepare("select token from session").get()?.["token"]);
    const headers = { origin: "https://anywhere.test", "sec-fetch-site": "cross-site" };
    const sent = (more: Record<string, string>) =>
      ask(auth, "/token", { headers: { ...headers, authorization: `Bearer ${token}`, ...more } });
    expect((await sent({})).status).toBe(200);
    const refused = await sent({ cookie });
    expect(await refusal(refused)).toMatchObject({ status: 403, code: "CROSS_SITE_REQUEST" });
  });

  it("serves an origin that Better Auth is told to trust", async () => {
    const { auth } = await realAuth({ trustedOrigins: ["https://admin.test"], plugins: [plugin()] });
    const headers = { cookie: await signUp(auth), origin: "https://admin.test" };
    expect((await ask(auth, "/token", { headers })).status).toBe(200);
  });
});

describe("Better Auth's rate limit", () => {
  it("counts the endpoint like every other", async () => {
    const { auth } = await realAuth({
      rateLimit: { enabled: true, window: 60, max: 2 },
      plugins: [plugin()],
    });
    const headers = { cookie: await signUp(auth), "x-forwarded-for": "192.0.2.1" };
    const statuses = [];
    for (let call = 0; call < 3; call += 1) statuses.push((await ask(auth, "/token", { headers })).status);
    expect(statuses).toEqual([200, 200, 429]);
  });
});
