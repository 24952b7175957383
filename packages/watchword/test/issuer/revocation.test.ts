import { describe, expect, it } from "vitest";
import { follower, issuerOn, revokes, signIn } from "./issuer-fixture.ts";
import { claimsOf, issue, person, post, signUp } from "./real-auth.ts";
import { freshStore, storeNames } from "./stores.ts";

/** A signed-in user with a token and a second session with a token, and a follower of what comes next. */
async function twoDevices(name: (typeof storeNames)[number], settings: Parameters<typeof issuerOn>[1] = {}) {
  const store = await freshStore(name);
  const issuer = await issuerOn(store, settings);
  const { auth } = issuer;
  const cookie = await signUp(auth);
  const token = claimsOf((await issue(auth, cookie)).token);
  const otherCookie = await signIn(auth);
  const otherToken = claimsOf((await issue(auth, otherCookie)).token);
  const news = await follower(auth);
  return { ...issuer, store, cookie, token, otherCookie, otherToken, news };
}

/** An administrator beside them. */
async function administrator(
  auth: Parameters<typeof signUp>[0],
  store: { query(sql: string): Promise<unknown> },
) {
  const boss = { email: "boss@app.test", password: "correct horse battery", name: "Boss" };
  await signUp(auth, boss);
  await store.query(`update "user" set role = 'admin' where email = 'boss@app.test'`);
  return signIn(auth, boss);
}

async function done(response: Promise<Response>): Promise<void> {
  const { status } = await response;
  expect(status).toBe(200);
}

describe.each(storeNames)("what ends a token on %s", (name) => {
  it("a sign-out ends that session's tokens and leaves the other device alone", async () => {
    const { auth, cookie, token, otherToken, news } = await twoDevices(name);
    await done(post(auth, "/sign-out", {}, cookie));
    const entries = await news();
    expect(entries).toEqual([
      { kind: "session", id: token["sid"], at: expect.any(Number), until: expect.any(Number) },
    ]);
    expect([revokes(entries, token), revokes(entries, otherToken)]).toEqual([true, false]);
  });

  it("a session revoked by its owner ends, alone", async () => {
    const { auth, store, cookie, token, otherToken, news } = await twoDevices(name);
    const [row] = await store.query(`select token from "session" where id = '${otherToken["sid"]}'`);
    await done(post(auth, "/revoke-session", { token: row?.["token"] }, cookie));
    const entries = await news();
    expect([revokes(entries, token), revokes(entries, otherToken)]).toEqual([false, true]);
  });

  it("the other sessions end and this one stays", async () => {
    const { auth, cookie, token, otherToken, news } = await twoDevices(name);
    await done(post(auth, "/revoke-other-sessions", {}, cookie));
    const entries = await news();
    expect([revokes(entries, token), revokes(entries, otherToken)]).toEqual([false, true]);
  });

  it("signing out everywhere writes one mark of the user, however many sessions there are", async () => {
    const { auth, cookie, token, otherToken, news } = await twoDevices(name);
    await done(post(auth, "/revoke-sessions", {}, cookie));
    const entries = await news();
    expect(entries).toMatchObject([{ kind: "user", id: token["sub"] }]);
    expect([revokes(entries, token), revokes(entries, otherToken)]).toEqual([true, true]);
  });

  it("150 other sessions end at once, when Better Auth is told to look at more than 100", async () => {
    const { auth, context, cookie, token, news } = await twoDevices(name, {
      options: { advanced: { database: { defaultFindManyLimit: 1000 } } },
    });
    const userId = String(token["sub"]);
    for (let session = 0; session < 150; session += 1) await context.internalAdapter.createSession(userId);
    const sessions = await context.adapter.findMany<{ id: string }>({ model: "session", limit: 1000 });
    expect(sessions).toHaveLength(152);
    await done(post(auth, "/revoke-other-sessions", {}, cookie));
    const entries = await news();
    const survivors = sessions.filter(({ id }) => !revokes(entries, { sid: id }));
    expect(survivors.map(({ id }) => id)).toEqual([token["sid"]]);
  });

  it("150 sessions that are deleted in one statement each have an entry", async () => {
    const { context, token, otherToken, news } = await twoDevices(name);
    const userId = String(token["sub"]);
    const tokens: string[] = [];
    for (let session = 0; session < 150; session += 1) {
      tokens.push((await context.internalAdapter.createSession(userId)).token);
    }
    await context.internalAdapter.deleteSessions(tokens);
    expect(await context.adapter.count({ model: "session" })).toBe(2);
    const entries = await news();
    expect(entries).toHaveLength(150);
    expect([revokes(entries, token), revokes(entries, otherToken)]).toEqual([false, false]);
  });

  it("a password change ends all tokens, the one who changed it too, and gives new ones", async () => {
    const { auth, cookie, token, otherToken, news } = await twoDevices(name);
    const body = { currentPassword: person.password, newPassword: "another horse battery" };
    await done(post(auth, "/change-password", body, cookie));
    const entries = await news();
    expect([revokes(entries, token), revokes(entries, otherToken)]).toEqual([true, true]);
    const fresh = claimsOf((await issue(auth, cookie)).token);
    expect(revokes(entries, fresh)).toBe(false);
  });

  it.each([true, false])(
    "a password reset ends all tokens (revokeSessionsOnPasswordReset: %s)",
    async (revoke) => {
      const { auth, context, mailbox, token, otherToken, otherCookie, news } = await twoDevices(name);
      Object.assign(context.options.emailAndPassword ?? {}, { revokeSessionsOnPasswordReset: revoke });
      await done(post(auth, "/request-password-reset", { email: person.email }));
      const reset = { token: mailbox.resetTokens[0], newPassword: "another horse battery" };
      await done(post(auth, "/reset-password", reset));
      const entries = await news();
      expect([revokes(entries, token), revokes(entries, otherToken)]).toEqual([true, true]);
      const sessions = await context.adapter.count({ model: "session" });
      expect(sessions).toBe(revoke ? 0 : 2);
      if (!revoke) expect(revokes(entries, claimsOf((await issue(auth, otherCookie)).token))).toBe(false);
    },
  );

  it("a ban ends the user's tokens and nobody else's", async () => {
    const { auth, store, token, news } = await twoDevices(name);
    const boss = await administrator(auth, store);
    const bossToken = claimsOf((await issue(auth, boss)).token);
    await news();
    await done(post(auth, "/admin/ban-user", { userId: token["sub"] }, boss));
    const entries = await news();
    expect([revokes(entries, token), revokes(entries, bossToken)]).toEqual([true, false]);
  });

  it("an administrator ends one session, or all of a user", async () => {
    const { auth, store, token, otherToken, news } = await twoDevices(name);
    const boss = await administrator(auth, store);
    await news();
    const [row] = await store.query(`select token from "session" where id = '${token["sid"]}'`);
    await done(post(auth, "/admin/revoke-user-session", { sessionToken: row?.["token"] }, boss));
    const one = await news();
    expect([revokes(one, token), revokes(one, otherToken)]).toEqual([true, false]);
    await done(post(auth, "/admin/revoke-user-sessions", { userId: token["sub"] }, boss));
    expect(revokes(await news(), otherToken)).toBe(true);
  });

  it("a role that changes ends the tokens that say the old one; the same role again ends nothing", async () => {
    const { auth, store, cookie, token, news } = await twoDevices(name);
    const boss = await administrator(auth, store);
    await news();
    await done(post(auth, "/admin/set-role", { userId: token["sub"], role: "admin" }, boss));
    expect(revokes(await news(), token)).toBe(true);
    const promoted = claimsOf((await issue(auth, cookie)).token);
    expect(promoted["role"]).toBe("admin");
    await done(post(auth, "/admin/set-role", { userId: token["sub"], role: "admin" }, boss));
    expect(await news()).toEqual([]);
  });

  it("a deleted account is told as deleted", async () => {
    const { auth, cookie, token, otherToken, news } = await twoDevices(name);
    await done(post(auth, "/delete-user", { password: person.password }, cookie));
    const entries = await news();
    expect([revokes(entries, token), revokes(entries, otherToken)]).toEqual([true, true]);
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: "user", id: token["sub"], deleted: true }),
    );
  });

  it("a session that is set to expire in the past ends", async () => {
    const { context, token, otherToken, news } = await twoDevices(name);
    const where = [{ field: "id", value: String(token["sid"]) }];
    await context.adapter.update({
      model: "session",
      where,
      update: { expiresAt: new Date(Date.now() - 1000) },
    });
    const entries = await news();
    expect([revokes(entries, token), revokes(entries, otherToken)]).toEqual([true, false]);
  });

  it("a session whose end is brought forward loses its tokens, and later ones expire with it", async () => {
    const { auth, context, cookie, token, news } = await twoDevices(name, {
      options: { session: { disableSessionRefresh: true } },
    });
    const where = [{ field: "id", value: String(token["sid"]) }];
    const end = Math.ceil(Date.now() / 1000) + 60;
    await context.adapter.update({ model: "session", where, update: { expiresAt: new Date(end * 1000) } });
    expect(revokes(await news(), token)).toBe(true);
    const { expiresAt } = await issue(auth, cookie);
    expect(expiresAt).toBeLessThanOrEqual(end);
  });

  it("a session in use is refreshed without ending anything", async () => {
    const { context, token, news } = await twoDevices(name);
    const where = [{ field: "id", value: String(token["sid"]) }];
    const expiresAt = new Date(Date.now() + 30 * 86_400_000);
    await context.adapter.update({ model: "session", where, update: { expiresAt } });
    expect(await news()).toEqual([]);
  });

  it("a change that is rolled back leaves nothing in the feed, and one that stays leaves its entry", async () => {
    const { context, token, news } = await twoDevices(name);
    const where = [{ field: "userId", value: String(token["sub"]) }];
    const crash = context.adapter.transaction(async (store) => {
      await store.deleteMany({ model: "session", where });
      throw new Error("crash");
    });
    await expect(crash).rejects.toThrow("crash");
    expect(await news()).toEqual([]);
    expect(await context.adapter.count({ model: "session" })).toBe(2);
    await context.adapter.transaction((store) => store.deleteMany({ model: "session", where }));
    expect(await news()).toHaveLength(1);
    expect(await context.adapter.count({ model: "session" })).toBe(0);
  });

  it("a log that cannot be written stops the change: both or none", async () => {
    const { context, store, token } = await twoDevices(name);
    await store.query(`alter table "watchwordRevocation" rename to gone`);
    const where = [{ field: "userId", value: String(token["sub"]) }];
    await expect(context.adapter.deleteMany({ model: "session", where })).rejects.toThrow();
    expect(await context.adapter.count({ model: "session" })).toBe(2);
  });
});
