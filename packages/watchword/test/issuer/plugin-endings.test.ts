import type { BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { admin, anonymous, emailOTP, multiSession, organization, twoFactor } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { follower, issuerOn, revokes, signIn } from "./issuer-fixture.ts";
import { ask, claimsOf, cookiesOf, issue, person, plugin, post, signUp } from "./real-auth.ts";
import { freshStore } from "./stores.ts";

const boss = { email: "boss@app.test", password: "correct horse battery", name: "Boss" };

/** An issuer with the feed and other plugins, an administrator, and a user with two devices. */
async function issuerBeside(others: readonly BetterAuthPlugin[], options: Partial<BetterAuthOptions> = {}) {
  const store = await freshStore("SQLite");
  const { auth, context } = await issuerOn(store, {
    options: {
      ...options,
      plugins: [
        admin(),
        ...others,
        plugin({ revocation: { replicaClockSkewSeconds: 0 }, roles: { organization: true } }),
      ],
    },
  });
  await signUp(auth, boss);
  await store.query(`update "user" set role = 'admin' where email = '${boss.email}'`);
  const bossCookie = await signIn(auth, boss);
  const [cookie, otherCookie] = [await signUp(auth), await signIn(auth)];
  const claims = async (one: string) => claimsOf((await issue(auth, one)).token);
  const userId = String((await claims(cookie))["sub"]);
  const send = async (path: string, body: object, as = cookie) => {
    const response = await post(auth, path, body, as);
    expect([path, response.status]).toEqual([path, 200]);
    return response;
  };
  return { auth, context, store, bossCookie, cookie, otherCookie, claims, userId, send };
}

type Issuing = Awaited<ReturnType<typeof issuerBeside>>;

/** Which tokens end: that of the device at hand, that of the user's other device, that of the administrator. */
async function ended(issuing: Issuing, act: () => Promise<unknown>): Promise<readonly boolean[]> {
  const { auth, claims, cookie, otherCookie, bossCookie } = issuing;
  const held = await Promise.all([cookie, otherCookie, bossCookie].map(claims));
  const news = await follower(auth);
  await act();
  const entries = await news();
  return held.map((one) => revokes(entries, one));
}

const all = [true, true, false];
const own = [true, false, false];
const other = [false, true, false];
const none = [false, false, false];

describe("a session in which an administrator acts as somebody else", () => {
  const second = { email: "second@app.test", password: "correct horse battery", name: "Second" };

  /** The second administrator acts as the user, the first one does something to the second. */
  async function acting() {
    const issuing = await issuerBeside([]);
    const { auth, store, send, userId } = issuing;
    await signUp(auth, second);
    await store.query(`update "user" set role = 'admin' where email = '${second.email}'`);
    const secondCookie = await signIn(auth, second);
    const secondId = String((await issuing.claims(secondCookie))["sub"]);
    const actingCookie = cookiesOf(await send("/admin/impersonate-user", { userId }, secondCookie));
    const token = await issuing.claims(actingCookie);
    expect(token["sub"]).toBe(userId);
    return { ...issuing, secondId, actingCookie, token, news: await follower(auth) };
  }

  it.each<[string, string, object]>([
    ["is banned", "/admin/ban-user", {}],
    ["is removed", "/admin/remove-user", {}],
    ["loses the role", "/admin/set-role", { role: "user" }],
    ["is given another password", "/admin/set-user-password", { newPassword: "another horse battery" }],
    ["is signed out everywhere", "/admin/revoke-user-sessions", {}],
  ])("ends when the administrator %s", async (_, path, body) => {
    const { auth, send, news, secondId, bossCookie, cookie, actingCookie, token, claims } = await acting();
    const own = await claims(cookie);
    await send(path, { userId: secondId, ...body }, bossCookie);
    const entries = await news();
    expect([revokes(entries, token), revokes(entries, own)]).toEqual([true, false]);
    expect((await ask(auth, "/token", { headers: { cookie: actingCookie } })).status).toBe(401);
    expect((await claims(cookie))["sub"]).toBe(own["sub"]);
  });

  it("ends with the session in which it was begun, that of an administrator who acted as another one", async () => {
    const { auth, store, send, news, secondId, userId, bossCookie, actingCookie, claims } = await acting();
    await store.query(`update "user" set role = 'admin' where id = '${userId}'`);
    const third = await claims(await signUp(auth, { ...second, email: "third@app.test" }));
    const begun = await send("/admin/impersonate-user", { userId: third["sub"] }, actingCookie);
    const token = await claims(cookiesOf(begun));
    expect(token).toMatchObject({ sub: third["sub"], act: { sub: userId } });
    await send("/admin/ban-user", { userId: secondId }, bossCookie);
    const entries = await news();
    expect([revokes(entries, token), revokes(entries, third)]).toEqual([true, false]);
    expect((await ask(auth, "/token", { headers: { cookie: cookiesOf(begun) } })).status).toBe(401);
  });

  it.each<[string, (context: Issuing["context"], id: string) => Promise<unknown>]>([
    ["banned", ({ internalAdapter }, id) => internalAdapter.updateUser(id, { banned: true })],
    ["removed", ({ internalAdapter }, id) => internalAdapter.deleteUser(id)],
  ])("gives no token when it was beginning while the administrator was %s", async (_, act) => {
    let meanwhile = async () => {};
    const databaseHooks = { session: { create: { before: () => meanwhile() } } };
    const { send, auth, context, userId, bossCookie, claims } = await issuerBeside([], { databaseHooks });
    const bossId = String((await claims(bossCookie))["sub"]);
    meanwhile = async () => void (await act(context, bossId));
    const cookie = cookiesOf(await send("/admin/impersonate-user", { userId }, bossCookie));
    const session = await (await ask(auth, "/get-session", { headers: { cookie } })).json();
    expect(session).toMatchObject({ user: { id: userId }, session: { impersonatedBy: bossId } });
    const response = await ask(auth, "/token", { headers: { cookie } });
    expect([response.status, await response.json()]).toMatchObject([401, { code: "NOT_SIGNED_IN" }]);
  });

  it("goes on when nothing changes but the administrator's name", async () => {
    const { send, news, secondId, bossCookie, actingCookie, claims, userId } = await acting();
    await send("/admin/update-user", { userId: secondId, data: { name: "Countess" } }, bossCookie);
    expect(await news()).toEqual([]);
    expect((await claims(actingCookie))["sub"]).toBe(userId);
  });

  it("is not asked for where there is no admin plugin", async () => {
    const { auth, context } = await issuerOn(await freshStore("SQLite"), {
      options: { plugins: [plugin({ revocation: { replicaClockSkewSeconds: 0 } })] },
    });
    const news = await follower(auth);
    await context.internalAdapter.deleteUserSessions("user_1");
    expect(await news()).toMatchObject([{ kind: "user", id: "user_1" }]);
  });
});

describe("what an administrator does", () => {
  it.each<[string, string, (userId: string) => object, readonly boolean[]]>([
    ["a user who is removed", "/admin/remove-user", (userId) => ({ userId }), all],
    ["a role by an update", "/admin/update-user", (userId) => ({ userId, data: { role: "admin" } }), all],
    ["a ban by an update", "/admin/update-user", (userId) => ({ userId, data: { banned: true } }), all],
    ["a name by an update", "/admin/update-user", (userId) => ({ userId, data: { name: "Countess" } }), none],
    [
      "a password that is set",
      "/admin/set-user-password",
      (userId) => ({ userId, newPassword: "another horse battery" }),
      all,
    ],
    ["a ban that is lifted", "/admin/unban-user", (userId) => ({ userId }), none],
  ])("%s", async (_, path, body, expected) => {
    const issuing = await issuerBeside([]);
    const { send, userId, bossCookie } = issuing;
    expect(await ended(issuing, () => send(path, body(userId), bossCookie))).toEqual(expected);
  });

  it("an impersonation that stops ends its own tokens alone", async () => {
    const issuing = await issuerBeside([]);
    const { auth, send, userId, bossCookie, claims } = issuing;
    const acting = cookiesOf(await send("/admin/impersonate-user", { userId }, bossCookie));
    const token = await claims(acting);
    expect(token["sub"]).toBe(userId);
    const news = await follower(auth);
    expect(await ended(issuing, () => send("/admin/stop-impersonating", {}, acting))).toEqual(none);
    expect(revokes(await news(), token)).toBe(true);
  });
});

describe("what a user does", () => {
  it.each<[string, boolean]>([
    ["with the end of other sessions", true],
    ["alone", false],
  ])("a password change %s", async (_, revokeOtherSessions) => {
    const issuing = await issuerBeside([]);
    const body = { currentPassword: person.password, newPassword: "another horse battery" };
    const change = () => issuing.send("/change-password", { ...body, revokeOtherSessions });
    expect(await ended(issuing, change)).toEqual(all);
  });

  it("a password that is reset by a code, without the end of sessions", async () => {
    const codes: string[] = [];
    const otp = emailOTP({ sendVerificationOTP: async ({ otp: code }) => void codes.push(code) });
    const issuing = await issuerBeside([otp]);
    const { email } = person;
    await issuing.send("/email-otp/request-password-reset", { email });
    const body = { email, otp: codes[0], password: "another horse battery" };
    expect(await ended(issuing, () => issuing.send("/email-otp/reset-password", body))).toEqual(all);
  });

  it("a second factor that is switched on replaces the session", async () => {
    const issuing = await issuerBeside([twoFactor({ skipVerificationOnEnable: true })]);
    const enable = () => issuing.send("/two-factor/enable", { password: person.password });
    expect(await ended(issuing, enable)).toEqual(own);
  });

  it("an anonymous account that is deleted is told as deleted", async () => {
    const { auth, claims } = await issuerBeside([anonymous()]);
    const cookie = cookiesOf(await post(auth, "/sign-in/anonymous", {}));
    const token = await claims(cookie);
    const news = await follower(auth);
    expect((await post(auth, "/delete-anonymous-user", {}, cookie)).status).toBe(200);
    const entries = await news();
    expect(revokes(entries, token)).toBe(true);
    expect(entries).toContainEqual(expect.objectContaining({ id: token["sub"], deleted: true }));
  });
});

describe("several sessions in one browser", () => {
  async function twoAccounts() {
    const issuing = await issuerBeside([multiSession()]);
    const { auth, cookie } = issuing;
    const response = await ask(auth, "/sign-in/email", {
      method: "POST",
      headers: { "content-type": "application/json", origin: "https://app.test", cookie },
      body: JSON.stringify(boss),
    });
    return { ...issuing, both: `${cookie}; ${cookiesOf(response)}`, second: cookiesOf(response) };
  }

  it("a sign-out ends the tokens of all of them, and of no other device", async () => {
    const issuing = await twoAccounts();
    const { auth, claims, send, second } = issuing;
    const token = await claims(second);
    const news = await follower(auth);
    const cookie = issuing.both;
    expect(await ended(issuing, () => send("/sign-out", {}, cookie))).toEqual(own);
    expect(revokes(await news(), token)).toBe(true);
  });
});

describe("what happens in an organization", () => {
  async function member() {
    const issuing = await issuerBeside([organization()]);
    const { send, bossCookie, cookie, context, userId } = issuing;
    const made = await send("/organization/create", { name: "Acme", slug: "acme" }, bossCookie);
    const { id: organizationId } = (await made.json()) as { id: string };
    const data = { organizationId, userId, role: "member", createdAt: new Date() };
    const { id: memberId } = await context.adapter.create<{ id?: string }>({ model: "member", data });
    await send("/organization/set-active", { organizationId }, cookie);
    return { ...issuing, organizationId, memberId };
  }

  it.each<
    [
      string,
      (user: Awaited<ReturnType<typeof member>>) => readonly [string, object, string],
      readonly boolean[],
    ]
  >([
    [
      "another role",
      ({ memberId, organizationId, bossCookie }) => [
        "/organization/update-member-role",
        { memberId, organizationId, role: "admin" },
        bossCookie,
      ],
      all,
    ],
    [
      "a member who is removed",
      ({ memberId, organizationId, bossCookie }) => [
        "/organization/remove-member",
        { memberIdOrEmail: memberId, organizationId },
        bossCookie,
      ],
      all,
    ],
    [
      "a member who leaves",
      ({ organizationId, cookie }) => ["/organization/leave", { organizationId }, cookie],
      all,
    ],
    [
      "an organization that is deleted, for whoever was in it",
      ({ organizationId, bossCookie }) => ["/organization/delete", { organizationId }, bossCookie],
      [true, true, true],
    ],
  ])("%s", async (_, act, expected) => {
    const user = await member();
    expect((await user.claims(user.cookie))["roles"]).toEqual(["organization:member"]);
    expect(await ended(user, () => user.send(...act(user)))).toEqual(expected);
  });
});

describe("what another plugin does on the server", () => {
  it.each<[string, (issuing: Issuing) => Promise<unknown>, readonly boolean[]]>([
    ["deleteUserSessions", ({ context, userId }) => context.internalAdapter.deleteUserSessions(userId), all],
    ["deleteUser", ({ context, userId }) => context.internalAdapter.deleteUser(userId), all],
    ["updatePassword", ({ context, userId }) => context.internalAdapter.updatePassword(userId, "x"), all],
    [
      "updateUser with a role",
      ({ context, userId }) => context.internalAdapter.updateUser(userId, { role: "admin" }),
      all,
    ],
    [
      "updateUserByEmail with a role",
      ({ context }) => context.internalAdapter.updateUserByEmail(person.email, { role: "admin" }),
      all,
    ],
    [
      "deleteSession",
      async ({ context, claims, otherCookie }) => {
        const where = [{ field: "id", value: String((await claims(otherCookie))["sid"]) }];
        const found = await context.adapter.findOne<{ token: string }>({ model: "session", where });
        await context.internalAdapter.deleteSession(String(found?.token));
      },
      other,
    ],
    [
      "updateSession with an end that has passed",
      async ({ context, claims, otherCookie }) => {
        const where = [{ field: "id", value: String((await claims(otherCookie))["sid"]) }];
        const found = await context.adapter.findOne<{ token: string }>({ model: "session", where });
        const expiresAt = new Date(Date.now() - 1000);
        await context.internalAdapter.updateSession(String(found?.token), { expiresAt });
      },
      other,
    ],
  ])("internalAdapter.%s", async (_, act, expected) => {
    const issuing = await issuerBeside([]);
    expect(await ended(issuing, () => act(issuing))).toEqual(expected);
  });
});
