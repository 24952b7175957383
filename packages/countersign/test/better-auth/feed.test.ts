import { describe, expect, it } from "vitest";
import { readCursor, writeCursor } from "../../src/better-auth/feed/feed-cursor.ts";
import { feedPath, maxWaitSeconds } from "../../src/better-auth/feed/feed-endpoint.ts";
import { overlapSeconds } from "../../src/better-auth/feed/recent-revocations.ts";
import { maxEntries } from "../../src/better-auth/feed/revocation-feed.ts";
import { positionAt } from "../../src/better-auth/feed/revocation-log.ts";
import { type FeedAnswer, releaseFollowers } from "../../src/better-auth/index.ts";
import { signHs256 } from "../../src/core/jws.ts";
import { deriveKey } from "../../src/core/keys.ts";
import { deriveFeedKey, feedToken } from "../../src/core/revocation-token.ts";
import { fixedClock } from "../../src/testing/fixed-clock.ts";
import { contractFile } from "../core/contract-files.ts";
import {
  askFeed,
  feedAuthorization,
  follower,
  issuerOn,
  readFeed,
  replicaOn,
  revokes,
} from "./issuer-fixture.ts";
import { ask, claimsOf, issue, issuer, person, plugin, post, realAuth, secret, signUp } from "./real-auth.ts";
import { freshStore } from "./stores.ts";

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("who may read the feed", () => {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    aud: feedToken.audience,
    sub: feedToken.subject,
    iat: now,
    exp: now + 60,
    jti: "j",
  };
  const feedKey = deriveFeedKey(deriveKey(secret));
  const signed = (changes: object, header: object = { typ: feedToken.type }, key = feedKey) =>
    `Bearer ${signHs256({ key, payload: { ...claims, ...changes }, header: { ...header } })}`;

  it("a verifier with the key reads it", async () => {
    const clock = fixedClock(now);
    const { auth } = await issuerOn(await freshStore("SQLite"), { countersign: { clock } });
    const response = await askFeed(auth);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      entries: [],
      cursor: expect.any(String),
      more: false,
      now,
    });
  });

  it.each<[string, string | undefined]>([
    ["nothing", undefined],
    ["an empty credential", "Bearer "],
    ["another scheme", signed({}).replace("Bearer", "Basic")],
    ["the API's own key", signed({}, { typ: feedToken.type }, deriveKey(secret))],
    ["the raw secret", signed({}, { typ: feedToken.type }, secret)],
    ["the type of an API token", signed({}, { typ: "at+jwt" })],
    ["no type", signed({}, { typ: undefined })],
    ["the audience of the API", signed({ aud: "https://api.test" })],
    ["another issuer", signed({ iss: "https://evil.test" })],
    ["a user as subject", signed({ sub: "user_1" })],
    ["an expired token", signed({ iat: now - 120, exp: now - 60 })],
    ["a token that lives too long", signed({ exp: now + 3600 })],
    ["a changed signature", `${signed({}).slice(0, -2)}AA`],
  ])("%s does not open it, and the answer tells nothing", async (_, authorization) => {
    const { auth, context } = await issuerOn(await freshStore("SQLite"));
    await signUp(auth);
    await context.internalAdapter.deleteUserSessions("user_1");
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const response = await ask(auth, "/revocations", { headers });
    expect(response.status).toBe(401);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.text()).not.toMatch(/user|session|key|signature|expired/i);
  });

  it("neither an API token nor a session cookie opens it", async () => {
    const { auth } = await issuerOn(await freshStore("SQLite"));
    const cookie = await signUp(auth);
    const { token } = await issue(auth, cookie);
    const headers = { cookie, authorization: `Bearer ${token}` };
    expect((await ask(auth, "/revocations", { headers })).status).toBe(401);
  });

  it("a feed token opens nothing else", async () => {
    const { auth } = await issuerOn(await freshStore("SQLite"));
    await signUp(auth);
    const token = feedAuthorization().replace("Bearer ", "");
    expect((await ask(auth, `/verify-email?token=${token}`)).status).toBe(401);
    expect((await ask(auth, "/token", { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
  });

  it("is not there when the feed is off", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    expect((await askFeed(auth)).status).toBe(404);
  });

  it("carries ids and times and nothing else about a user", async () => {
    const { auth } = await issuerOn(await freshStore("SQLite"));
    const cookie = await signUp(auth);
    await post(auth, "/revoke-sessions", {}, cookie);
    await post(
      auth,
      "/delete-user",
      { password: person.password },
      await signUp(auth, { ...person, email: "b@app.test" }),
    );
    const { entries } = await readFeed(auth);
    const members = new Set(entries.flatMap((entry) => Object.keys(entry)));
    expect([...members].sort()).toEqual(["at", "deleted", "id", "kind", "until"]);
    expect(JSON.stringify(entries)).not.toMatch(/@|Ada/);
  });

  it("every key that verifies opens it while secrets are rotated, and the independent key alone", async () => {
    const current = "hT8wKz2Qv5Nc9RmX4bLp7YjD1sGf6aEu";
    const rotating = {
      secrets: [
        { version: 2, value: current },
        { version: 1, value: secret },
      ],
      secret: undefined,
    };
    const { auth } = await issuerOn(await freshStore("SQLite"), { options: rotating as object });
    for (const one of [current, secret]) {
      expect((await askFeed(auth, "", feedAuthorization(deriveKey(one)))).status).toBe(200);
    }
    const key = "Zp3xK8vQ1nWc6RbT5yHm0LsJ9dFg2aEuVo7iXk4tBqM";
    const independent = await issuerOn(await freshStore("SQLite"), { countersign: { key } });
    expect((await askFeed(independent.auth, "", feedAuthorization(key))).status).toBe(200);
    expect((await askFeed(independent.auth, "", feedAuthorization(deriveKey(secret)))).status).toBe(401);
  });

  it("in public-key mode the feed's own secret opens it, and the shared key does not", async () => {
    const feedSecret = "Vr9tYw3mQe6uBx1cKz8nHs5dJf2gLa7p";
    const { auth } = await issuerOn(await freshStore("SQLite"), {
      countersign: { keys: {}, revocation: { feedSecret } },
    });
    expect((await askFeed(auth, "", feedAuthorization(feedSecret))).status).toBe(200);
    expect((await askFeed(auth, "", feedAuthorization(deriveKey(secret)))).status).toBe(401);
  });
});

describe("a request that names no place", () => {
  it.each([
    "?after=",
    "?after=x",
    `?after=${Buffer.from("v1.1.1.1").toString("base64url")}`,
    "?wait=-1",
    "?wait=x",
  ])("%s is 400", async (query) => {
    const { auth } = await issuerOn(await freshStore("SQLite"));
    expect((await askFeed(auth, query)).status).toBe(400);
  });
});

describe("following", () => {
  it("a request that waits is answered as soon as something ends in the same process", async () => {
    const { auth, context } = await issuerOn(await freshStore("SQLite"));
    const { cursor } = await readFeed(auth);
    const started = performance.now();
    const waiting = readFeed(auth, cursor, 20);
    await context.internalAdapter.deleteUserSessions("user_1");
    expect((await waiting).entries).toMatchObject([{ kind: "user", id: "user_1" }]);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it("a quiet feed answers after the wait, empty, and its cursor goes on", async () => {
    const { auth, context } = await issuerOn(await freshStore("SQLite"));
    await context.internalAdapter.deleteUserSessions("user_0");
    const first = await readFeed(auth);
    const started = performance.now();
    const second = await readFeed(auth, first.cursor, 1);
    expect([second.entries, second.more]).toEqual([[], false]);
    expect(performance.now() - started).toBeGreaterThan(900);
    await context.internalAdapter.deleteUserSessions("user_1");
    expect((await readFeed(auth, second.cursor)).entries).toMatchObject([{ id: "user_1" }]);
  });

  it("a caller that goes away is not waited for", async () => {
    const { auth } = await issuerOn(await freshStore("SQLite"));
    const { cursor } = await readFeed(auth);
    const gone = new AbortController();
    const started = performance.now();
    const waiting = ask(auth, `/revocations?wait=20&after=${cursor}`, {
      headers: { authorization: feedAuthorization() },
      signal: gone.signal,
    });
    gone.abort();
    await waiting.catch(() => {});
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it("a process that is told to stop lets go of who waits, and of who comes afterwards, with their connections", async () => {
    const { auth, context } = await issuerOn(await freshStore("SQLite"));
    const { cursor } = await readFeed(auth);
    const follow = () => askFeed(auth, `?wait=20&after=${cursor}`);
    const started = performance.now();
    const waiting = follow();
    await readFeed(auth);
    await releaseFollowers(auth);
    for (const answer of [await waiting, await follow()]) {
      expect([answer.status, answer.headers.get("connection")]).toEqual([200, "close"]);
      expect(await answer.json()).toMatchObject({ entries: [], more: false });
    }
    expect(performance.now() - started).toBeLessThan(10_000);
    await context.internalAdapter.deleteUserSessions("user_1");
    expect((await readFeed(auth, cursor, 20)).entries).toMatchObject([{ id: "user_1" }]);
  });

  it("an issuer without a feed has nobody to let go of", async () => {
    const { auth } = await realAuth({ plugins: [plugin()] });
    await expect(releaseFollowers(auth)).resolves.toBeUndefined();
  });

  it("a burst of 10 000 comes completely, once each, in answers of at most 10 000", async () => {
    // One second, however long it takes: entries are told once more where it has passed.
    const clock = fixedClock(Math.floor(Date.now() / 1000));
    const { auth, context } = await issuerOn(await freshStore("SQLite"), { countersign: { clock } });
    const authorization = feedAuthorization(deriveKey(secret), clock);
    const read = async (after = ""): Promise<FeedAnswer> =>
      (await askFeed(auth, after, authorization)).json();
    const { cursor } = await read();
    await context.adapter.transaction(async (store) => {
      for (let user = 0; user < 10_050; user += 1) {
        await store.deleteMany({ model: "session", where: [{ field: "userId", value: `user_${user}` }] });
      }
    });
    const first = await read(`?after=${cursor}`);
    const second = await read(`?after=${first.cursor}`);
    const third = await read(`?after=${second.cursor}`);
    expect([first.entries.length, first.more]).toEqual([10_000, true]);
    expect([second.entries.length, second.more]).toEqual([50, false]);
    expect(third.entries).toEqual([]);
    expect(new Set([...first.entries, ...second.entries].map(({ id }) => id)).size).toBe(10_050);
  }, 120_000);

  it("whoever starts late loads everything from the beginning", async () => {
    const clock = fixedClock(1_800_000_000);
    const { auth, context } = await issuerOn(await freshStore("SQLite"), { countersign: { clock } });
    for (let user = 0; user < 3; user += 1) {
      await context.internalAdapter.deleteUserSessions(`user_${user}`);
      clock.advance(100);
    }
    const authorization = feedAuthorization(deriveKey(secret), clock);
    const answer = await (await askFeed(auth, "", authorization)).json();
    expect(answer.entries.map(({ id }: { id: string }) => id)).toEqual(["user_0", "user_1", "user_2"]);
  });

  it("an entry is told until the last token it concerns has expired, by a clock that is two minutes late and tolerant", async () => {
    const clock = fixedClock(1_800_000_000);
    const { auth, context } = await issuerOn(await freshStore("SQLite"), {
      countersign: { clock, ttlSeconds: 600, audiences: { "https://other.test": { ttlSeconds: 1200 } } },
    });
    const read = async () =>
      (await (await askFeed(auth, "", feedAuthorization(deriveKey(secret), clock))).json()).entries;
    await context.internalAdapter.deleteUserSessions("user_1");
    clock.advance(1200 + 60 + 119);
    expect(await read()).toMatchObject([{ id: "user_1", until: 1_800_000_000 + 1200 + 60 }]);
    clock.advance(2);
    expect(await read()).toEqual([]);
  });

  it("old rows are removed, and the deletion of a user stays for 30 days", async () => {
    const clock = fixedClock(1_800_000_000);
    const store = await freshStore("SQLite");
    const { auth, context } = await issuerOn(store, { countersign: { clock } });
    const cookie = await signUp(auth);
    await post(auth, "/delete-user", { password: person.password }, cookie);
    clock.advance(3600);
    await context.internalAdapter.deleteUserSessions("user_1");
    let rows: readonly Record<string, unknown>[] = [];
    const read = async () => {
      rows = await store.query(`select subject, deleted from "countersignRevocation" order by position`);
    };
    await read();
    while (rows.length !== 2) await read();
    expect(rows).toMatchObject([{ deleted: 1 }, { subject: "user_1", deleted: 0 }]);
  });
});

describe("two replicas on one PostgreSQL", () => {
  async function replicas(
    clocks: { first?: ReturnType<typeof fixedClock>; second?: ReturnType<typeof fixedClock> } = {},
  ) {
    const store = await freshStore("PostgreSQL");
    const first = await issuerOn(store, { countersign: clocks.first ? { clock: clocks.first } : {} });
    const second = await replicaOn(store, { countersign: clocks.second ? { clock: clocks.second } : {} });
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
    const authorization = feedAuthorization(deriveKey(secret), clocks.first);
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
    const positions = await store.query(`select subject from "countersignRevocation" order by position`);
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
    const ahead = await issuerOn(store, { countersign: { ...skew, clock: fixedClock(now + 2) } });
    const right = await replicaOn(store, { countersign: { ...skew, clock: fixedClock(now) } });
    const cookie = await signUp(ahead.auth);
    const token = claimsOf((await issue(ahead.auth, cookie)).token);
    await post(right.auth, "/revoke-sessions", {}, cookie);
    const authorization = feedAuthorization(deriveKey(secret), fixedClock(now));
    const { entries } = await (await askFeed(right.auth, "", authorization)).json();
    expect(revokes(entries, token)).toBe(true);
  });
});

describe("a token after a mark", () => {
  it("is not issued in a second that the mark covers: the request waits for the next one", async () => {
    const time = fixedClock(Math.floor(Date.now() / 1000));
    let looks = 0;
    const clock = {
      now() {
        looks += 1;
        return time.now();
      },
    };
    const { auth } = await issuerOn(await freshStore("SQLite"), { countersign: { clock } });
    const cookie = await signUp(auth);
    const body = { currentPassword: person.password, newPassword: "another horse battery" };
    const changedAt = time.now();
    expect((await post(auth, "/change-password", body, cookie)).status).toBe(200);
    let answered = false;
    const asked = issue(auth, cookie).finally(() => {
      answered = true;
    });
    time.advance(0.9);
    looks = 0;
    await until(() => looks > 3);
    expect(answered).toBe(false);
    time.advance(0.1);
    expect(claimsOf((await asked).token)["iat"]).toBe(changedAt + 1);
  });

  it("is refused with 503 when the log cannot be read", async () => {
    const store = await freshStore("SQLite");
    const { auth } = await issuerOn(store);
    const cookie = await signUp(auth);
    await store.query(`alter table "countersignRevocation" rename to gone`);
    const response = await ask(auth, "/token", { headers: { cookie } });
    expect([response.status, (await response.json()).code]).toEqual([503, "SESSION_STORE_UNAVAILABLE"]);
    expect((await askFeed(auth)).status).toBe(503);
  });
});

describe("the feed refuses to start", () => {
  it("in public-key mode without a secret of its own, and not while keys are only published", () => {
    const misconfigured = expect.objectContaining({ code: "misconfigured" });
    expect(() => plugin({ keys: {}, revocation: true })).toThrow(misconfigured);
    expect(() => plugin({ revocation: { feedSecret: "short" } })).toThrow(misconfigured);
    expect(plugin({ keys: { signing: false }, revocation: true }).id).toBe("countersign");
  });

  it.each([{ replicaClockSkewSeconds: 31 }, { replicaClockSkewSeconds: 0.5 }, { longestTtlSeconds: 899 }])(
    "with %j",
    (revocation) => {
      expect(() => plugin({ revocation })).toThrow(expect.objectContaining({ code: "misconfigured" }));
    },
  );

  const storage = new Map<string, string>();
  const secondaryStorage = {
    get: async (key: string) => storage.get(key) ?? null,
    set: async (key: string, value: string) => void storage.set(key, value),
    delete: async (key: string) => void storage.delete(key),
    getAndDelete: async (key: string) => storage.get(key) ?? null,
    increment: async () => 1,
  };

  it("with sessions in a secondary storage alone", async () => {
    const started = realAuth({ secondaryStorage, plugins: [plugin({ revocation: true })] });
    await expect(started).rejects.toMatchObject({ code: "misconfigured" });
  });
});

describe("the contract", () => {
  it("has the feed's path and bounds", () => {
    const { revocation } = contractFile<{ revocation: Record<string, { value: unknown }> }>("defaults.json");
    const bound = (name: string) => revocation[name]?.value;
    expect(bound("path")).toBe(`/api/auth${feedPath}`);
    expect(bound("wait_seconds")).toBe(maxWaitSeconds);
    expect(bound("max_entries")).toBe(maxEntries);
    expect(bound("overlap_seconds")).toBe(overlapSeconds);
  });

  it("has longer cursors than any that is given", () => {
    const position = "9".repeat(29);
    const cursor = writeCursor({ settled: position, given: 999_999_999, last: position });
    expect(cursor.length).toBeLessThan(1024);
    expect(readCursor(cursor)).toEqual({ settled: position, given: 999_999_999, last: position });
  });
});

describe("positions in the log", () => {
  it("are digits of one length in the order of time", () => {
    const times = [0, 1, 1_800_000_000, 1_800_000_000.001, 9_999_999_999];
    const positions = times.map(positionAt);
    expect(positions.every((one) => /^[0-9]{29}$/.test(one))).toBe(true);
    expect([...positions].sort()).toEqual(positions);
  });
});
