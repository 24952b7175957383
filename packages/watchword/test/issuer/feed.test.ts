import { describe, expect, it } from "vitest";
import { deriveFeedKey, feedToken } from "../../src/feed/revocation-token.ts";
import { readCursor, writeCursor } from "../../src/issuer/feed/feed-cursor.ts";
import { feedPath, maxWaitSeconds } from "../../src/issuer/feed/feed-endpoint.ts";
import { overlapSeconds } from "../../src/issuer/feed/recent-revocations.ts";
import { maxEntries } from "../../src/issuer/feed/revocation-feed.ts";
import { type FeedAnswer, releaseFollowers } from "../../src/issuer/index.ts";
import { deriveKey } from "../../src/keys/keys.ts";
import { fixedClock } from "../../src/testing/fixed-clock.ts";
import { signHs256 } from "../../src/token/jws.ts";
import { contractFile } from "../contract-files.ts";
import { askFeed, feedAuthorization, issuerOn, readFeed } from "./issuer-fixture.ts";
import { ask, audience, issue, issuer, person, plugin, post, realAuth, secret, signUp } from "./real-auth.ts";
import { freshStore } from "./stores.ts";

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
  const feedKey = deriveFeedKey(deriveKey(secret, audience));
  const signed = (changes: object, header: object = { typ: feedToken.type }, key = feedKey) =>
    `Bearer ${signHs256({ key, payload: { ...claims, ...changes }, header: { ...header } })}`;

  it("a verifier with the key reads it", async () => {
    const clock = fixedClock(now);
    const { auth } = await issuerOn(await freshStore("SQLite"), { watchword: { clock } });
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
    ["the API's own key", signed({}, { typ: feedToken.type }, deriveKey(secret, audience))],
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
      expect((await askFeed(auth, "", feedAuthorization(deriveKey(one, audience)))).status).toBe(200);
    }
    const key = "Zp3xK8vQ1nWc6RbT5yHm0LsJ9dFg2aEuVo7iXk4tBqM";
    const independent = await issuerOn(await freshStore("SQLite"), { watchword: { key } });
    expect((await askFeed(independent.auth, "", feedAuthorization(key))).status).toBe(200);
    expect((await askFeed(independent.auth, "", feedAuthorization(deriveKey(secret, audience)))).status).toBe(
      401,
    );
  });

  it("in public-key mode the feed's own secret opens it, and the shared key does not", async () => {
    const feedSecret = "Vr9tYw3mQe6uBx1cKz8nHs5dJf2gLa7p";
    const { auth } = await issuerOn(await freshStore("SQLite"), {
      watchword: { keys: {}, revocation: { feedSecret } },
    });
    expect((await askFeed(auth, "", feedAuthorization(feedSecret))).status).toBe(200);
    expect((await askFeed(auth, "", feedAuthorization(deriveKey(secret, audience)))).status).toBe(401);
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
    const { auth, context } = await issuerOn(await freshStore("SQLite"), { watchword: { clock } });
    const authorization = feedAuthorization(deriveKey(secret, audience), clock);
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
    const { auth, context } = await issuerOn(await freshStore("SQLite"), { watchword: { clock } });
    for (let user = 0; user < 3; user += 1) {
      await context.internalAdapter.deleteUserSessions(`user_${user}`);
      clock.advance(100);
    }
    const authorization = feedAuthorization(deriveKey(secret, audience), clock);
    const answer = await (await askFeed(auth, "", authorization)).json();
    expect(answer.entries.map(({ id }: { id: string }) => id)).toEqual(["user_0", "user_1", "user_2"]);
  });

  it("an entry is told until the last token it concerns has expired, by a clock that is two minutes late and tolerant", async () => {
    const clock = fixedClock(1_800_000_000);
    const { auth, context } = await issuerOn(await freshStore("SQLite"), {
      watchword: { clock, ttlSeconds: 600, audiences: { "https://other.test": { ttlSeconds: 1200 } } },
    });
    const read = async () =>
      (await (await askFeed(auth, "", feedAuthorization(deriveKey(secret, audience), clock))).json()).entries;
    await context.internalAdapter.deleteUserSessions("user_1");
    clock.advance(1200 + 60 + 119);
    expect(await read()).toMatchObject([{ id: "user_1", until: 1_800_000_000 + 1200 + 60 }]);
    clock.advance(2);
    expect(await read()).toEqual([]);
  });

  it("old rows are removed, and the deletion of a user stays for 30 days", async () => {
    const clock = fixedClock(1_800_000_000);
    const store = await freshStore("SQLite");
    const { auth, context } = await issuerOn(store, { watchword: { clock } });
    const cookie = await signUp(auth);
    await post(auth, "/delete-user", { password: person.password }, cookie);
    clock.advance(3600);
    await context.internalAdapter.deleteUserSessions("user_1");
    let rows: readonly Record<string, unknown>[] = [];
    const read = async () => {
      rows = await store.query(`select subject, deleted from "watchwordRevocation" order by position`);
    };
    await read();
    while (rows.length !== 2) await read();
    expect(rows).toMatchObject([{ deleted: 1 }, { subject: "user_1", deleted: 0 }]);
  });
});

describe("the feed refuses to start", () => {
  it("in public-key mode without a secret of its own, and not while keys are only published", () => {
    const misconfigured = expect.objectContaining({ code: "misconfigured" });
    expect(() => plugin({ keys: {}, revocation: true })).toThrow(misconfigured);
    expect(() => plugin({ revocation: { feedSecret: "short" } })).toThrow(misconfigured);
    expect(plugin({ keys: { signing: false }, revocation: true }).id).toBe("watchword");
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
