import { describe, expect, it } from "vitest";
import { deriveKey } from "../../src/keys/keys.ts";
import { fixedClock } from "../../src/testing/fixed-clock.ts";
import {
  askFeed,
  feedAuthorization,
  follower,
  issuerOn,
  readFeed,
  replicaOn,
  revokes,
  until,
} from "./issuer-fixture.ts";
import { audience, claimsOf, issue, post, secret, signUp } from "./real-auth.ts";
import { freshStore } from "./stores.ts";

describe("two replicas on one PostgreSQL", () => {
  async function replicas(
    clocks: { first?: ReturnType<typeof fixedClock>; second?: ReturnType<typeof fixedClock> } = {},
  ) {
    const store = await freshStore("PostgreSQL");
    const first = await issuerOn(store, { watchword: clocks.first ? { clock: clocks.first } : {} });
    const second = await replicaOn(store, { watchword: clocks.second ? { clock: clocks.second } : {} });
    return { store, first, second };
  }

  it("what ends on one is told by the other within two seconds", async () => {
    const { first, second } = await replicas();
    const { cursor } = await readFeed(second.auth);
    const waiting = readFeed(second.auth, cursor, 20);
    const started = performance.now();
    await first.context.internalAdapter.deleteUserSessions("user_1");
    expect((await waiting).entries).toMatchObject([{ id: "user_1" }]);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it("a cursor of one is good at the other", async () => {
    const { first, second } = await replicas();
    await first.context.internalAdapter.deleteUserSessions("user_1");
    const { cursor } = await readFeed(first.auth);
    expect((await readFeed(second.auth, cursor)).entries).toEqual([]);
    await first.context.internalAdapter.deleteUserSessions("user_2");
    expect((await readFeed(second.auth, cursor)).entries).toMatchObject([{ id: "user_2" }]);
  });

  it.each([
    ["behind", -20],
    ["ahead", 20],
  ])("a replica whose clock is 20 s %s loses nothing", async (_, seconds) => {
    const now = Math.floor(Date.now() / 1000);
    const clocks = { first: fixedClock(now), second: fixedClock(now + seconds) };
    const { first, second } = await replicas(clocks);
    const authorization = feedAuthorization(deriveKey(secret, audience), clocks.first);
    let after = "";
    const read = async () => {
      const answer = await (await askFeed(first.auth, after, authorization)).json();
      after = `?after=${answer.cursor}`;
      return answer.entries.map(({ id }: { id: string }) => id);
    };
    await first.context.internalAdapter.deleteUserSessions("user_1");
    expect(await read()).toEqual(["user_1"]);
    await second.context.internalAdapter.deleteUserSessions("user_2");
    expect(await read()).toContain("user_2");
    expect(await read()).toEqual([]);
    clocks.first.advance(1);
    await first.context.internalAdapter.deleteUserSessions("user_3");
    expect(await read()).toContain("user_3");
    expect(await read()).toEqual([]);
  });

  it("an entry that is committed after later ones is told all the same", async () => {
    const { store, first, second } = await replicas();
    const news = await follower(first.auth);
    let finish = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    let written = false;
    const transaction = second.context.adapter.transaction(async (trx) => {
      await trx.deleteMany({ model: "session", where: [{ field: "userId", value: "slow" }] });
      written = true;
      await slow;
    });
    await until(() => written);
    await first.context.internalAdapter.deleteUserSessions("quick");
    expect(await news()).toMatchObject([{ id: "quick" }]);
    finish();
    await transaction;
    const late = await news();
    expect(late.map(({ id }) => id)).toContain("slow");
    expect(await news()).toEqual([]);
    const positions = await store.query(`select subject from "watchwordRevocation" order by position`);
    expect([...new Set(positions.map(({ subject }) => subject))]).toEqual(["slow", "quick"]);
  });

  it("of 400 endings on both, committed in any order while two verifiers follow, none is missed", async () => {
    const { first, second } = await replicas();
    const told = [new Set<string>(), new Set<string>()];
    let ended = false;
    const followers = [first, second].map(async ({ auth }, index) => {
      let { cursor } = await readFeed(auth);
      for (;;) {
        const last = ended;
        const answer = await readFeed(auth, cursor, last ? 0 : 1);
        cursor = answer.cursor;
        for (const { id } of answer.entries) told[index]?.add(id);
        if (last && answer.entries.length === 0) return;
      }
    });
    const end = (index: number) =>
      (index % 2 === 0 ? first : second).context.adapter.transaction(async (store) => {
        const where = [{ field: "userId", value: `user_${index}` }];
        await store.deleteMany({ model: "session", where });
        await new Promise((resolve) => setTimeout(resolve, (index * 37) % 120));
      });
    for (let group = 0; group < 400; group += 40) {
      await Promise.all(Array.from({ length: 40 }, (_, index) => end(group + index)));
    }
    ended = true;
    await Promise.all(followers);
    expect(told.map(({ size }) => size)).toEqual([400, 400]);
  });

  it("a restart of the issuer leaves every verifier where it was", async () => {
    const { store, first } = await replicas();
    await first.context.internalAdapter.deleteUserSessions("user_1");
    const { cursor } = await readFeed(first.auth);
    await first.context.internalAdapter.deleteUserSessions("user_2");
    const restarted = await replicaOn(store);
    expect((await readFeed(restarted.auth, cursor)).entries).toMatchObject([{ id: "user_2" }]);
  });

  it("a token of a replica whose clock is ahead by the allowed skew is covered by the mark", async () => {
    const now = Math.floor(Date.now() / 1000);
    const store = await freshStore("PostgreSQL");
    const skew = { revocation: { replicaClockSkewSeconds: 2 } };
    const ahead = await issuerOn(store, { watchword: { ...skew, clock: fixedClock(now + 2) } });
    const right = await replicaOn(store, { watchword: { ...skew, clock: fixedClock(now) } });
    const cookie = await signUp(ahead.auth);
    const token = claimsOf((await issue(ahead.auth, cookie)).token);
    await post(right.auth, "/revoke-sessions", {}, cookie);
    const authorization = feedAuthorization(deriveKey(secret, audience), fixedClock(now));
    const { entries } = await (await askFeed(right.auth, "", authorization)).json();
    expect(revokes(entries, token)).toBe(true);
  });
});
