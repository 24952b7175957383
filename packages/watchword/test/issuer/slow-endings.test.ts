import { describe, expect, it } from "vitest";
import { fixedClock } from "../../src/testing/fixed-clock.ts";
import { askFeed, follower, issuerOn, readFeed, revokes } from "./issuer-fixture.ts";
import { claimsOf, issue, signUp } from "./real-auth.ts";
import { freshStore } from "./stores.ts";

/** An issuer on PostgreSQL whose clock is moved by hand, with a user who is signed in. */
async function signedIn(ahead = 0) {
  const clock = fixedClock(Math.floor(Date.now() / 1000) + ahead);
  const { auth, context } = await issuerOn(await freshStore("PostgreSQL"), { watchword: { clock } });
  const cookie = await signUp(auth);
  const token = async () => claimsOf((await issue(auth, cookie)).token);
  const { sub, sid } = await token();
  const news = await follower(auth);
  return { auth, context, clock, token, news, userId: String(sub), sessionId: String(sid) };
}

type SignedIn = Awaited<ReturnType<typeof signedIn>>;

/** Makes the change in a transaction that stays open until `meanwhile` is over. */
async function changing<Result>(
  { context }: SignedIn,
  change: (store: SignedIn["context"]["adapter"]) => Promise<unknown>,
  meanwhile: () => Promise<Result>,
): Promise<Result> {
  let result: Result | undefined;
  await context.adapter.transaction(async (store) => {
    await change(store as SignedIn["context"]["adapter"]);
    result = await meanwhile();
  });
  return result as Result;
}

describe("a token that is issued while the change that ends it is under way", () => {
  it.each<[string, (user: SignedIn) => Parameters<typeof changing>[1]]>([
    [
      "signing out everywhere",
      ({ userId }) =>
        (store) =>
          store.deleteMany({ model: "session", where: [{ field: "userId", value: userId }] }),
    ],
    [
      "a new role",
      ({ userId }) =>
        (store) =>
          store.update({
            model: "user",
            where: [{ field: "id", value: userId }],
            update: { role: "admin" },
          }),
    ],
    [
      "a sign-out",
      ({ sessionId }) =>
        (store) =>
          store.delete({ model: "session", where: [{ field: "id", value: sessionId }] }),
    ],
  ])("is ended too, however long it takes: %s", async (_, change) => {
    const user = await signedIn();
    const late = await changing(user, change(user), async () => {
      user.clock.advance(5);
      return user.token();
    });
    expect(late["role"]).toBe("user");
    expect(revokes(await user.news(), late)).toBe(true);
  });

  it("costs no second entry where the change is done in its second", async () => {
    const user = await signedIn();
    const where = [{ field: "userId", value: user.userId }];
    await user.context.adapter.deleteMany({ model: "session", where });
    const { entries } = await (await askFeed(user.auth)).json();
    expect(entries).toMatchObject([{ kind: "user", id: user.userId }]);
  });
});

it("a change that takes longer than verifiers look back is told when it is done", async () => {
  const user = await signedIn();
  const where = [{ field: "id", value: user.sessionId }];
  await changing(
    user,
    (store) => store.delete({ model: "session", where }),
    async () => {
      user.clock.advance(40);
      expect(await user.news()).toEqual([]);
    },
  );
  expect(await user.news()).toMatchObject([{ kind: "session", id: user.sessionId }]);
});

it("a verifier whose cursor is older than a clock that was set back loads everything again, and misses nothing", async () => {
  const { auth, context, clock, userId } = await signedIn(50);
  const { cursor } = await readFeed(auth);
  clock.advance(-25);
  expect((await askFeed(auth, `?after=${cursor}`)).status).toBe(200);
  clock.advance(-25);
  await context.internalAdapter.deleteUserSessions(userId);
  expect((await askFeed(auth, `?after=${cursor}`)).status).toBe(400);
  expect((await readFeed(auth)).entries).toMatchObject([{ kind: "user", id: userId }]);
});
