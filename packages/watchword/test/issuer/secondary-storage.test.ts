import { betterAuth } from "better-auth";
import { describe, expect, it } from "vitest";
import { refuseUnseenSessions } from "../../src/issuer/issuer.ts";
import { isBefore } from "../../src/issuer/tested-versions.ts";
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

const { version } = await betterAuth({ logger: { disabled: true } }).$context;
/** Better Auth before 1.7.0 ends a session whose row it preserves in the secondary storage alone. */
const seesPreserved = !isBefore(version, "1.7.0");

describe("rows that are preserved", () => {
  const session = { storeSessionInDatabase: true, preserveSessionInDatabase: true };
  const options = { database: {}, secondaryStorage: storage(), session } as never;

  it.each(["1.6.34", "1.6.99"])("stop the start with Better Auth %s", (old) => {
    expect(() => refuseUnseenSessions({ version: old, options })).toThrow(
      expect.objectContaining({
        code: "misconfigured",
        message: expect.stringContaining(
          "install 1.7.0 or later, or remove session.preserveSessionInDatabase",
        ),
      }),
    );
  });

  it.each(["1.7.0", "1.7.25", "2.0.0"])("do not with Better Auth %s", (later) => {
    expect(() => refuseUnseenSessions({ version: later, options })).not.toThrow();
  });

  it("start or not with the Better Auth that is installed", async () => {
    const start = besideDatabase(true).then(
      () => "started",
      (error) => error.code,
    );
    expect(await start).toBe(seesPreserved ? "started" : "misconfigured");
  });
});

const rows: [string, boolean][] = [["deleted", false]];
if (seesPreserved) rows.push(["preserved", true]);

describe.each(rows)("with sessions in a secondary storage too, whose rows are %s", (_, preserved) => {
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
    const acting = await store.query(
      `select "expiresAt" from "session" where "impersonatedBy" = '${bossId}'`,
    );
    const left = acting.filter((row) => new Date(String(row["expiresAt"])) > new Date());
    expect([acting.length, left.length]).toEqual([preserved ? 1 : 0, 0]);
  });

  it("a database that cannot be read gives no token, and says that it is not the session", async () => {
    const { store, refusal } = await besideDatabase(preserved);
    await store.query(`alter table "session" rename to gone`);
    expect(await refusal()).toEqual([503, "SESSION_STORE_UNAVAILABLE"]);
  });
});
