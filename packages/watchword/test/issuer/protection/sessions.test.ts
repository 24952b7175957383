import { admin } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { issuerOn, signIn } from "../issuer-fixture.ts";
import { ask, cookiesOf, person, plugin, post, realAuth, signUp } from "../real-auth.ts";
import { freshStore } from "../stores.ts";

const cookieCache = { enabled: true, maxAge: 300 };

/** Requests that act for a session, by their path; every other path of Better Auth's core takes none, or ends it. */
const acting: readonly (readonly [path: string, body: object | undefined])[] = [
  ["/update-user", { name: "Changed" }],
  ["/update-session", {}],
  ["/change-email", { newEmail: "new@app.test" }],
  ["/change-password", { currentPassword: person.password, newPassword: "another horse battery" }],
  ["/verify-password", { password: person.password }],
  ["/delete-user", { password: person.password }],
  ["/list-sessions", undefined],
  ["/revoke-session", { token: "x" }],
  ["/revoke-sessions", {}],
  ["/revoke-other-sessions", {}],
  ["/list-accounts", undefined],
  ["/unlink-account", { accountId: "x" }],
  ["/link-social", { provider: "github" }],
  ["/get-access-token", { accountId: "x" }],
  ["/refresh-token", { accountId: "x" }],
  ["/account-info?accountId=x", undefined],
  ["/admin/list-users", undefined],
  ["/admin/stop-impersonating", {}],
  ["/token", undefined],
];

/** Two devices with the cookie cache; what the first one holds after its session has ended. */
async function device(end: string) {
  const store = await freshStore("SQLite");
  let resetToken = "";
  const { auth } = await issuerOn(store, {
    options: {
      session: { cookieCache },
      user: { deleteUser: { enabled: true }, changeEmail: { enabled: true } },
      emailAndPassword: {
        enabled: true,
        revokeSessionsOnPasswordReset: true,
        sendResetPassword: async ({ token }) => {
          resetToken = token;
        },
      },
      socialProviders: { github: { clientId: "id", clientSecret: "secret" } },
      plugins: [admin(), plugin({ revocation: { replicaClockSkewSeconds: 0 } })],
    },
  });
  await signUp(auth);
  const [ended, other] = [await signIn(auth, person), await signIn(auth, person)];
  const ends: Record<string, () => Promise<Response>> = {
    "sign-out": () => post(auth, "/sign-out", {}, ended),
    "revocation by another device": () => post(auth, "/revoke-other-sessions", {}, other),
    "a new password": () =>
      post(
        auth,
        "/change-password",
        { currentPassword: person.password, newPassword: "another horse battery", revokeOtherSessions: true },
        other,
      ),
    "a reset": async () => {
      await post(auth, "/request-password-reset", { email: person.email });
      return post(auth, "/reset-password", { token: resetToken, newPassword: "another horse battery" });
    },
    "the deletion of the user": () => post(auth, "/delete-user", { password: person.password }, other),
  };
  expect((await ends[end]?.())?.status).toBe(200);
  return { auth, cookie: ended, store };
}

describe("a session that has ended, in a browser that still holds the cookie cache", () => {
  it.each([
    "sign-out",
    "revocation by another device",
    "a new password",
    "a reset",
    "the deletion of the user",
  ])("after %s opens no path but GET /get-session", async (end) => {
    const { auth, cookie, store } = await device(end);
    expect(cookie).toContain("session_data");
    const cached = await ask(auth, "/get-session", { headers: { cookie } });
    expect(await cached.json(), "the cache answers pages, or this proves nothing").toMatchObject({
      user: { email: person.email },
    });
    for (const [path, body] of acting) {
      const response =
        body === undefined
          ? await ask(auth, path, { headers: { cookie } })
          : await post(auth, path, body, cookie);
      const kept = response.headers.getSetCookie().filter((one) => !/max-age=0/i.test(one));
      expect([path, response.status, kept]).toEqual([path, 401, []]);
    }
    const names = await store.query(`select name from "user"`);
    expect(names.filter(({ name }) => name === "Changed")).toEqual([]);
  });

  it("opens none on the server either", async () => {
    const { auth, cookie } = await device("sign-out");
    const headers = new Headers({ cookie });
    await expect(auth.api.updateUser({ headers, body: { name: "Changed" } })).rejects.toMatchObject({
      statusCode: 401,
    });
  });
});

describe("several session cookies in one request", () => {
  async function twoUsers() {
    const { auth } = await realAuth({
      session: { cookieCache },
      plugins: [plugin({ protect: true })],
    });
    const ada = await signUp(auth);
    const again = await signIn(auth, person);
    const eve = await signUp(auth, { ...person, email: "eve@app.test" });
    const token = (cookie: string) => ask(auth, "/token", { headers: { cookie } });
    return { auth, ada, again, eve, token };
  }
  const sessionOnly = (cookies: string) =>
    cookies.split("; ").find((pair) => pair.includes("session_token")) ?? "";

  it("stand for one user where all others have ended, are not signed, or are the same user's", async () => {
    const { auth, ada, again, eve, token } = await twoUsers();
    await post(auth, "/sign-out", {}, eve);
    const [live, same, dead] = [ada, again, eve].map(sessionOnly) as [string, string, string];
    const unsigned = `${live.split(".").slice(0, -1).join(".")}.AAAA`;
    const cookies = [
      `${live}; ${dead}`,
      `${dead}; ${live}`,
      `${unsigned}; ${live}`,
      `${live.split("=", 1)[0]}=rubbish; ${live}`,
      `${live}; ${same}`,
      `${live}; ${live}`,
    ];
    const statuses = await Promise.all(cookies.map(async (cookie) => (await token(cookie)).status));
    expect(statuses).toEqual(cookies.map(() => 200));
    // Other paths see the live one too.
    const answer = await post(auth, "/update-user", { name: "Ada L" }, `${dead}; ${live}`);
    expect(answer.status).toBe(200);
  });

  it("are refused and removed in each form where they name two users, so that signing in again cures it", async () => {
    const { auth, ada, eve, token } = await twoUsers();
    const response = await token(`${sessionOnly(ada)}; ${sessionOnly(eve)}`);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      400,
      "AMBIGUOUS_SESSION",
    ]);
    const removed = response.headers.getSetCookie().filter((one) => one.includes("session_token=;"));
    expect(removed.every((one) => /max-age=0/i.test(one))).toBe(true);
    const forms = removed.map((one) => [/domain=([^;]+)/i.exec(one)?.[1], /path=([^;]+)/i.exec(one)?.[1]]);
    expect(forms).toEqual(
      expect.arrayContaining([
        [undefined, "/"],
        [undefined, "/api/auth/token"],
        ["app.test", "/"],
      ]),
    );
    const cured = cookiesOf(await post(auth, "/sign-in/email", person));
    expect((await token(cured)).status).toBe(200);
  });
});
