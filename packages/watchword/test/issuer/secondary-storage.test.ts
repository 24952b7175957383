import { describe, expect, it } from "vitest";
import { follower, issuerOn, revokes } from "./issuer-fixture.ts";
import { ask, claimsOf, cookiesOf, issue, person, post, signUp } from "./real-auth.ts";
import { freshStore } from "./stores.ts";

/** A store of sessions beside the database, which can lose what is written to it. */
function storage() {
  const values = new Map<string, string>();
  const state = { takesWrites: true };
  return {
    state,
    values,
    get: async (key: string) => values.get(key) ?? null,
    set: async (key: string, value: string) => void (state.takesWrites && values.set(key, value)),
    delete: async (key: string) => void (state.takesWrites && values.delete(key)),
    getAndDelete: async (key: string) => values.get(key) ?? null,
    increment: async () => 1,
  };
}

async function besideDatabase(preserveSessionInDatabase: boolean) {
  const secondaryStorage = storage();
  const store = await freshStore("SQLite");
  const { auth, context } = await issuerOn(store, {
    options: { secondaryStorage, session: { storeSessionInDatabase: true, preserveSessionInDatabase } },
  });
  const cookie = await signUp(auth);
  const token = claimsOf((await issue(auth, cookie)).token);
  const news = await follower(auth);
  const refusal = async () => {
    const response = await ask(auth, "/token", { headers: { cookie } });
    return [response.status, ((await response.json()) as { code?: string }).code];
  };
  return {
    auth,
    context,
    store,
    cookie,
    token,
    news,
    refusal,
    secondaryStorage,
    userId: String(token["sub"]),
  };
}

describe.each([
  ["deleted", false],
  ["preserved", true],
])("with sessions in a secondary storage too, whose rows are %s", (_, preserved) => {
  it.each<[string, (user: Awaited<ReturnType<typeof besideDatabase>>) => Promise<unknown>]>([
    ["a sign-out", ({ auth, cookie }) => post(auth, "/sign-out", {}, cookie)],
    ["signing out everywhere", ({ auth, cookie }) => post(auth, "/revoke-sessions", {}, cookie)],
    [
      "a call of several sessions on the server",
      async ({ context, store }) => {
        const [row] = await store.query(`select token from "session"`);
        await context.internalAdapter.deleteSessions([String(row?.["token"])]);
      },
    ],
  ])("%s ends the tokens, and there are no new ones", async (_name, end) => {
    const user = await besideDatabase(preserved);
    await end(user);
    expect(revokes(await user.news(), user.token)).toBe(true);
    expect(await user.refusal()).toEqual([401, "NOT_SIGNED_IN"]);
  });

  it("a copy of a session that was left behind gives no token once the session has ended", async () => {
    const { context, refusal, secondaryStorage, userId, auth, cookie } = await besideDatabase(preserved);
    secondaryStorage.state.takesWrites = false;
    await context.internalAdapter.deleteUserSessions(userId);
    const session = await (await ask(auth, "/get-session", { headers: { cookie } })).json();
    expect(session).toMatchObject({ user: { id: userId } });
    expect(await refusal()).toEqual([401, "NOT_SIGNED_IN"]);
  });

  it("a copy of a user who is gone gives no token", async () => {
    const { context, refusal, secondaryStorage, userId } = await besideDatabase(preserved);
    secondaryStorage.state.takesWrites = false;
    await context.adapter.delete({ model: "user", where: [{ field: "id", value: userId }] });
    expect(await refusal()).toEqual([401, "NOT_SIGNED_IN"]);
  });

  it("a token says the role that the database knows, not that of the copy", async () => {
    const { auth, context, cookie, token, news, userId } = await besideDatabase(preserved);
    expect(token["role"]).toBe("user");
    const where = [{ field: "id", value: userId }];
    await context.adapter.update({ model: "user", where, update: { role: "auditor" } });
    expect(revokes(await news(), token)).toBe(true);
    expect(claimsOf((await issue(auth, cookie)).token)["role"]).toBe("auditor");
  });

  it("a session in which an administrator acts as somebody else is over for Better Auth too when that one is banned", async () => {
    const { auth, context, store, userId } = await besideDatabase(preserved);
    const boss = await signUp(auth, { ...person, email: "boss@app.test" });
    const bossId = String(claimsOf((await issue(auth, boss)).token)["sub"]);
    await context.internalAdapter.updateUser(bossId, { role: "admin" });
    const cookie = cookiesOf(await post(auth, "/admin/impersonate-user", { userId }, boss));
    const session = async () => (await ask(auth, "/get-session", { headers: { cookie } })).json();
    expect(await session()).toMatchObject({ user: { id: userId }, session: { impersonatedBy: bossId } });
    await context.internalAdapter.updateUser(bossId, { banned: true });
    expect(await session()).toBeNull();
    const rows = await store.query(`select "expiresAt" from "session" where "impersonatedBy" = '${bossId}'`);
    const left = rows.filter((row) => new Date(String(row["expiresAt"])) > new Date());
    expect([rows.length, left.length]).toEqual([preserved ? 1 : 0, 0]);
  });

  it("a database that cannot be read gives no token, and says that it is not the session", async () => {
    const { store, refusal } = await besideDatabase(preserved);
    await store.query(`alter table "session" rename to gone`);
    expect(await refusal()).toEqual([503, "SESSION_STORE_UNAVAILABLE"]);
  });
});
