import { generateKeyPairSync, sign } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import type { FeedEvent } from "../../src/feed/revocation-events.ts";
import { createRevocationFeed } from "../../src/feed/revocation-feed.ts";
import type { KeySetEvent } from "../../src/keys/key-set-events.ts";
import { fixedClock } from "../../src/testing/index.ts";
import { feedAnswer, scriptedFeed } from "../feed/scripted-feed.ts";
import { audience, claims, encode, issuer, key, now, options } from "../sample-token.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const jwk = { ...publicKey.export({ format: "jwk" }), kid: "ed-1" };

function token(): string {
  const header = encode(JSON.stringify({ alg: "EdDSA", kid: "ed-1" }));
  const input = `${header}.${encode(JSON.stringify({ ...claims, exp: now + 100_000 }))}`;
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}`;
}

/** What answers, and the cause that is told. */
const failures = [
  ["403", () => new Response("no", { status: 403 }), "status_403"],
  ["404", () => new Response(null, { status: 404 }), "status_404"],
  ["500", () => new Response(null, { status: 500 }), "status_500"],
  ["301", () => new Response(null, { status: 301, headers: { Location: "/" } }), "redirect"],
  ["302", () => new Response(null, { status: 302 }), "redirect"],
  ["303", () => new Response(null, { status: 303 }), "redirect"],
  ["307", () => new Response(null, { status: 307 }), "redirect"],
  ["308", () => new Response(null, { status: 308 }), "redirect"],
  ["a browser's 308", () => Object.defineProperty(new Response(), "status", { value: 0 }), "redirect"],
  ["HTML", () => new Response("<!doctype html>"), "malformed"],
  ["an empty body", () => new Response(null), "malformed"],
  ["no connection", () => Promise.reject(new TypeError("fetch failed")), "unreachable"],
  ["a limit of fetch's own", () => Promise.reject(new DOMException("late", "TimeoutError")), "timeout"],
  ["nothing", () => new Promise<Response>(() => {}), "timeout"],
] as const;

afterEach(() => {
  vi.useRealTimers();
});

describe("published keys", () => {
  test.each(failures)(
    "tell once that the address answers %s, and why, and the recovery",
    async (_, answer, cause) => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const clock = fixedClock(now);
      const events: KeySetEvent[] = [];
      let good = false;
      const verifier = createVerifier({
        issuer,
        audience,
        jwksUrl: "https://auth.example.test/api/auth/jwks",
        fetch: async () => (good ? new Response(JSON.stringify({ keys: [jwk] })) : answer()),
        clock,
        maxLifetimeSeconds: 1_000_000,
        cache: false,
        onEvent: (event) => events.push(event),
      });
      const verdict = async () => {
        const outcome = verifier.verify(token()).then(
          () => "accepted",
          ({ code }) => code,
        );
        await vi.advanceTimersByTimeAsync(5000);
        return outcome;
      };
      expect(verifier.status()).toEqual({ state: "loading", entries: 0, lastAnswerAt: null });
      for (let tries = 0; tries < 3; tries += 1) {
        expect(await verdict()).toBe("unavailable");
        clock.advance(1);
      }
      expect(events).toEqual([{ name: "watchword.keys.failed", at: now, reason: cause }]);
      expect(verifier.status()).toEqual({ state: "loading", entries: 0, lastAnswerAt: null, failure: cause });
      good = true;
      expect(await verdict()).toBe("accepted");
      const state = { name: "watchword.keys.state", at: now + 3, state: "fresh", entries: 1 };
      expect(events.splice(0)).toEqual([{ name: "watchword.keys.failed", at: now, reason: cause }, state]);
      // With keys at hand, and back in time: neither the failure nor its end goes unsaid.
      good = false;
      clock.advance(300);
      expect([await verdict(), verifier.status().state]).toEqual(["accepted", "fresh"]);
      good = true;
      clock.advance(30);
      await verdict();
      expect(events.splice(0)).toEqual([
        { name: "watchword.keys.failed", at: now + 303, reason: cause },
        { ...state, at: now + 333 },
      ]);
      good = false;
      clock.advance(600);
      expect(await verdict()).toBe("accepted");
      clock.advance(3001);
      expect(await verdict()).toBe("unavailable");
      expect(events.map((event) => ("state" in event ? event.state : event.reason))).toEqual([
        cause,
        "stale",
        "refusing",
      ]);
      expect(verifier.status()).toEqual({
        state: "refusing",
        entries: 1,
        lastAnswerAt: now + 333,
        failure: cause,
      });
    },
  );

  test("are not disturbed by a listener that throws", async () => {
    const { verify } = createVerifier({
      issuer,
      audience,
      jwksUrl: "https://auth.example.test/api/auth/jwks",
      fetch: async () => new Response(JSON.stringify({ keys: [jwk] })),
      clock: fixedClock(now),
      maxLifetimeSeconds: 1_000_000,
      onEvent: () => {
        throw new Error("from onEvent");
      },
    });
    expect((await verify(token())).userId).toBe("user_a");
  });

  test("that were given are fresh", () => {
    const given = { issuer, audience, jwks: { keys: [jwk as never] } };
    expect(createVerifier(given).status()).toEqual({ state: "fresh", entries: 1, lastAnswerAt: null });
    expect(createVerifier(options).status()).toEqual({ state: "fresh", entries: 0, lastAnswerAt: null });
  });
});

describe("a revocation feed", () => {
  test.each(failures)(
    "tells once that the address answers %s, and why, and the recovery",
    async (_, answer, cause) => {
      const script = scriptedFeed();
      const events: FeedEvent[] = [];
      let good = false;
      let asked = 0;
      const feed = createRevocationFeed({
        issuer,
        key,
        clock: fixedClock(now),
        fetch: (url, init) => {
          asked += 1;
          return good ? script.fetch(url, init) : Promise.resolve(answer());
        },
        // The time that a request may take runs out where nothing is answered; pauses take none.
        sleep: (seconds, signal) =>
          seconds > 5 && (good || cause !== "timeout")
            ? script.sleep(seconds, signal)
            : new Promise((resolve) => setImmediate(resolve)),
        onEvent: (event) => events.push(event),
      });
      feed.start();
      await vi.waitFor(() => expect(asked).toBeGreaterThan(3));
      expect(events).toEqual([{ name: "watchword.feed.failed", at: now, reason: cause }]);
      expect(feed.status()).toEqual({ state: "loading", entries: 0, lastAnswerAt: null, failure: cause });
      good = true;
      (await script.asked()).answer(200, feedAnswer("c1"));
      await script.settled();
      const state = { name: "watchword.feed.state", at: now, state: "fresh", entries: 0 };
      expect(events.splice(0)).toEqual([{ name: "watchword.feed.failed", at: now, reason: cause }, state]);
      expect(feed.status()).toEqual({ state: "fresh", entries: 0, lastAnswerAt: now });
      await feed.close();
    },
  );

  test("tells a refusal of all its keys once, and a recovery without a change of state", async () => {
    const script = scriptedFeed();
    const events: FeedEvent[] = [];
    const feed = createRevocationFeed({
      issuer,
      key: [key, "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE"],
      clock: fixedClock(now),
      fetch: script.fetch,
      sleep: script.sleep,
      onEvent: (event) => events.push(event),
    });
    feed.start();
    (await script.asked()).answer(200, feedAnswer("c1"));
    for (let tries = 0; tries < 6; tries += 1) (await script.asked()).answer(401);
    (await script.asked()).answer(200, feedAnswer("c1"));
    await script.settled();
    expect(events).toEqual([
      { name: "watchword.feed.state", at: now, state: "fresh", entries: 0 },
      { name: "watchword.feed.failed", at: now, reason: "status_401" },
      { name: "watchword.feed.state", at: now, state: "fresh", entries: 0 },
    ]);
    await feed.close();
  });
});
