import { type BetterAuthOptions, betterAuth, type DBAdapter } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { describe, expect, it } from "vitest";
import { follower, revokes } from "./issuer-fixture.ts";
import { claimsOf, issue, issuer, plugin, post, secret, signUp } from "./real-auth.ts";

type Adapter = DBAdapter<BetterAuthOptions>;

/** The adapter's methods on a prototype, as an application's own class has them. */
function asInstance(adapter: Adapter): Adapter {
  return Object.create(adapter) as Adapter;
}

/** Hands itself to the callback, as adapters do that make no transactions. */
function withoutTransactions(adapter: Adapter): Adapter {
  adapter.transaction = (callback) => callback(adapter);
  return adapter;
}

async function issuerWith(change: (adapter: Adapter) => Adapter, log: string[] = []) {
  const tables = { user: [], session: [], account: [], verification: [], watchwordRevocation: [] };
  const auth = betterAuth({
    baseURL: issuer,
    secret,
    emailAndPassword: { enabled: true },
    logger: { log: (level: string, line: string) => void log.push(`${level} ${line}`) },
    database: (options: BetterAuthOptions) => change(memoryAdapter(tables)(options)),
    plugins: [plugin({ revocation: true })],
  });
  return { auth, context: await auth.$context };
}

describe.each([
  ["whose methods are its own", (adapter: Adapter) => adapter],
  ["that is an instance of a class", asInstance],
  ["that makes no transactions", withoutTransactions],
])("an adapter %s", (_, change) => {
  it("is guarded", async () => {
    const { auth } = await issuerWith(change);
    const cookie = await signUp(auth);
    const token = claimsOf((await issue(auth, cookie)).token);
    const news = await follower(auth);
    expect((await post(auth, "/sign-out", {}, cookie)).status).toBe(200);
    expect(revokes(await news(), token)).toBe(true);
  });

  it("is guarded inside of its transaction, and what was written is told afterwards", async () => {
    const { auth, context } = await issuerWith(change);
    const news = await follower(auth);
    await context.adapter.transaction(async (store) => {
      await store.deleteMany({ model: "session", where: [{ field: "userId", value: "user_1" }] });
      expect(await store.count({ model: "session" })).toBe(0);
    });
    expect(await news()).toMatchObject([{ kind: "user", id: "user_1" }]);
  });
});

describe("the guard", () => {
  it("is one, however often an adapter is given to it", async () => {
    let shared: Adapter | undefined;
    const one = (adapter: Adapter) => {
      shared ??= adapter;
      return shared;
    };
    const { auth, context } = await issuerWith(one);
    await issuerWith(one);
    const news = await follower(auth);
    await context.adapter.deleteMany({ model: "session", where: [{ field: "userId", value: "user_1" }] });
    expect(await news()).toHaveLength(1);
  });

  it("knows models and columns by the names that an application has given them", async () => {
    const tables = { people: [], seances: [], account: [], verification: [], watchwordRevocation: [] };
    const auth = betterAuth({
      baseURL: issuer,
      secret,
      emailAndPassword: { enabled: true },
      logger: { disabled: true },
      user: { modelName: "people" },
      session: { modelName: "seances", fields: { userId: "person_id" } },
      database: memoryAdapter(tables),
      plugins: [plugin({ revocation: true })],
    });
    const { adapter } = await auth.$context;
    const news = await follower(auth);
    await adapter.deleteMany({ model: "seances", where: [{ field: "person_id", value: "user_1" }] });
    expect(await news()).toMatchObject([{ kind: "user", id: "user_1" }]);
  });

  it("leaves what ends no token as it is", async () => {
    const { auth, context } = await issuerWith((adapter) => adapter);
    const cookie = await signUp(auth);
    const news = await follower(auth);
    await post(auth, "/update-user", { name: "Countess" }, cookie);
    await context.internalAdapter.createVerificationValue({
      identifier: "x",
      value: "y",
      expiresAt: new Date(Date.now() + 1000),
    });
    await context.internalAdapter.deleteVerificationByIdentifier("x");
    expect(await news()).toEqual([]);
  });
});
