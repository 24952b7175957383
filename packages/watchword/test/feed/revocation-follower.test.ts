import { describe, expect, test } from "vitest";
import { feedBounds } from "../../src/feed/revocation-answer.ts";
import { eraseAgainAfterSeconds } from "../../src/feed/revocation-erasure.ts";
import { feedPath } from "../../src/feed/revocation-feed-options.ts";
import {
  type FeedStep,
  type FollowerOptions,
  feedTimes,
  maxPages,
  RevocationFollower,
} from "../../src/feed/revocation-follower.ts";
import { forgetMarginSeconds } from "../../src/feed/revocation-list.ts";
import { feedPace } from "../../src/feed/revocation-pace.ts";
import { requestMarginSeconds } from "../../src/feed/revocation-request.ts";
import { deriveFeedKey, feedToken } from "../../src/feed/revocation-token.ts";
import type { FetchFailure, SourceState } from "../../src/keys/source-status.ts";
import { fixedClock } from "../../src/testing/index.ts";
import type { RevocationSubject } from "../../src/token/revocation.ts";
import { contractFile } from "../contract-files.ts";

interface Step {
  readonly now?: number;
  readonly asked?: { readonly after: string | null; readonly wait: number; readonly key?: number };
  readonly answered_after?: number;
  readonly answer?: { readonly status: number; readonly body?: unknown; readonly text?: string };
  readonly failure?: FetchFailure;
  readonly expect?: {
    readonly pause?: number;
    readonly learned?: readonly string[];
    readonly failure?: FetchFailure;
    readonly state?: SourceState;
    readonly entries?: number;
  };
  readonly revoked?: Readonly<Record<string, boolean | "unavailable">>;
}

interface FeedFile {
  readonly now: number;
  readonly tokens: Readonly<Record<string, { sub: string; sid: string; jti: string; iat: number }>>;
  readonly cases: readonly {
    readonly name: string;
    readonly options?: {
      readonly keys?: number;
      readonly poll_seconds?: number;
      readonly when_unreachable?: "open" | "closed";
    };
    readonly steps: readonly Step[];
  }[];
}

const file = contractFile<FeedFile>("vectors/revocation-feed.json");

function subjectOf(name: string): RevocationSubject {
  const { sub = "", sid = "", jti = "", iat = 0 } = file.tokens[name] ?? {};
  return { userId: sub, sessionId: sid, tokenId: jti, issuedAt: iat };
}

function verdict(follower: RevocationFollower, name: string): boolean | "unavailable" {
  try {
    return follower.isRevoked(subjectOf(name));
  } catch {
    return "unavailable";
  }
}

test("the cases are all there", () => {
  expect(file.cases.flatMap(({ steps }) => steps)).toHaveLength(84);
});

describe("a follower of the feed", () => {
  test.each(file.cases)("$name", ({ options = {}, steps }) => {
    const clock = fixedClock(file.now);
    const feedKeys = Array.from({ length: options.keys ?? 1 }, (_, index) => `key ${index}`);
    const follower = new RevocationFollower({
      feedKeys,
      clock,
      random: () => 1,
      pollSeconds: options.poll_seconds,
      whenUnreachable: options.when_unreachable ?? "closed",
      staleAfterSeconds: 60,
      refuseAfterSeconds: 300,
    });
    for (const [index, step] of steps.entries()) {
      const at = `step ${index}`;
      clock.advance((step.now ?? clock.now()) - clock.now());
      if (step.asked !== undefined) {
        const { after, wait, key } = step.asked;
        const question = follower.next();
        expect([at, question.after ?? null, question.wait]).toEqual([at, after, wait]);
        if (key !== undefined) expect([at, question.feedKey]).toEqual([at, feedKeys[key]]);
      }
      clock.advance(step.answered_after ?? 0);
      const { answer, failure, expect: expected = {}, revoked = {} } = step;
      if (answer !== undefined || failure !== undefined) {
        const body = Buffer.from(answer?.text ?? JSON.stringify(answer?.body ?? null));
        const result =
          answer === undefined
            ? follower.failed(failure ?? "unreachable")
            : follower.answered(answer.status, body);
        expect([at, result.failure]).toEqual([at, expected.failure]);
        if (expected.pause !== undefined) expect([at, result.pauseSeconds]).toEqual([at, expected.pause]);
        if (expected.learned !== undefined) {
          expect([at, result.learned.map(({ id }) => id)]).toEqual([at, expected.learned]);
        }
      }
      if (expected.state !== undefined) expect([at, follower.state]).toEqual([at, expected.state]);
      if (expected.entries !== undefined) expect([at, follower.entries]).toEqual([at, expected.entries]);
      for (const [name, value] of Object.entries(revoked)) {
        expect([at, name, verdict(follower, name)]).toEqual([at, name, value]);
      }
    }
  });

  const rules = {
    feedKeys: ["newer", "older"],
    clock: fixedClock(file.now),
    random: () => 1,
    whenUnreachable: "closed",
    staleAfterSeconds: 60,
    refuseAfterSeconds: 300,
  } as const;
  const page = Buffer.from(JSON.stringify({ entries: [], cursor: "c1", more: false, now: file.now }));

  test("spreads its retries between half and the whole of the time", () => {
    const pause = (random: number) =>
      new RevocationFollower({ ...rules, random: () => random }).failed("unreachable").pauseSeconds;
    expect([pause(0), pause(1)]).toEqual([0.125, 0.25]);
  });

  test("tries every key anew after each answer", () => {
    const follower = new RevocationFollower(rules);
    const nothing = Buffer.alloc(0);
    expect(follower.answered(401, nothing).failure).toBeUndefined();
    expect(follower.next().feedKey).toBe("older");
    expect(follower.answered(200, page).failure).toBeUndefined();
    expect(follower.answered(401, nothing)).toEqual({ pauseSeconds: 0, learned: [] });
    expect(follower.next().feedKey).toBe("newer");
    expect(follower.answered(401, nothing).failure).toBe("status_401");
  });

  test("goes on where it was although its clock was set back by less than a minute", () => {
    const clock = fixedClock(file.now);
    const follower = new RevocationFollower({ ...rules, clock });
    clock.advance(-59);
    follower.answered(200, page);
    expect(follower.next()).toMatchObject({ after: "c1", wait: 25 });
    clock.advance(-1);
    follower.answered(200, page);
    expect(follower.next()).toMatchObject({ wait: 0 });
    expect(follower.next().after).toBeUndefined();
  });
});

describe("a feed that is asked without an end", () => {
  const answer = (cursor: string, more: boolean) =>
    Buffer.from(JSON.stringify({ entries: [], cursor, more, now: file.now }));

  /** When it is asked within a minute, answered at once each time. */
  function asked(
    answered: (follower: RevocationFollower, count: number) => FeedStep,
    changes: Partial<FollowerOptions> = {},
  ): number[] {
    const clock = fixedClock(file.now);
    const follower = new RevocationFollower({
      feedKeys: Array.from({ length: 8 }, (_, index) => `key ${index}`),
      clock,
      random: () => 0,
      whenUnreachable: "closed",
      staleAfterSeconds: 60,
      refuseAfterSeconds: 300,
      ...changes,
    });
    const times: number[] = [];
    while (clock.now() < file.now + 60) {
      follower.next();
      times.push(clock.now());
      clock.advance(answered(follower, times.length).pauseSeconds);
    }
    return times;
  }

  test.each<[string, (follower: RevocationFollower, count: number) => FeedStep, Partial<FollowerOptions>?]>([
    ["always more", (follower, count) => follower.answered(200, answer(`c${count}`, true))],
    ["never more, and at once", (follower, count) => follower.answered(200, answer(`c${count}`, false))],
    ["polled", (follower) => follower.answered(200, answer("c1", false)), { pollSeconds: 0.25 }],
    ["401 to each of its keys", (follower) => follower.answered(401, Buffer.alloc(0))],
    [
      "a failure after each page",
      (follower, count) =>
        count % 2 === 0 ? follower.failed("unreachable") : follower.answered(200, answer(`c${count}`, true)),
    ],
    [
      "a failure after each answer",
      (follower, count) =>
        count % 2 === 0 ? follower.failed("unreachable") : follower.answered(200, answer("c1", false)),
    ],
  ])("is asked at most 40 times in any 10 seconds: %s", (_, answered, changes) => {
    const times = asked(answered, changes);
    const most = Math.max(
      ...times.map((from) => times.filter((one) => one >= from && one <= from + 10).length),
    );
    expect(times.length).toBeGreaterThan(20);
    expect(most).toBeLessThanOrEqual(40);
  });

  test("loads at most 50 pages, begins anew, and is not complete by that", () => {
    const clock = fixedClock(file.now);
    const follower = new RevocationFollower({
      feedKeys: ["key"],
      clock,
      random: () => 1,
      whenUnreachable: "closed",
      staleAfterSeconds: 60,
      refuseAfterSeconds: 300,
    });
    const load = (pages: number) =>
      Array.from({ length: pages }, (_, index) => {
        follower.next();
        return follower.answered(200, answer(`c${index}`, true)).failure;
      });
    expect(load(50)).toEqual([...Array(49).fill(undefined), "malformed"]);
    expect([follower.next().after, follower.state, follower.lastAnswerAt]).toEqual([
      undefined,
      "loading",
      null,
    ]);
    load(49);
    expect(follower.answered(200, answer("end", false)).failure).toBeUndefined();
    expect([follower.state, follower.lastAnswerAt]).toEqual(["fresh", file.now]);
    // Pages that never end make no list fresh.
    clock.advance(61);
    load(30);
    expect(follower.state).toBe("stale");
  });
});

describe("the numbers of the feed", () => {
  interface Defaults {
    readonly revocation: Readonly<Record<string, { readonly value: unknown; readonly max: number }>> & {
      readonly feed_token: Readonly<Record<string, unknown>>;
    };
  }
  const { revocation } = contractFile<Defaults>("defaults.json");

  test.each([
    ["path", feedPath],
    ["wait_seconds", feedTimes.waitSeconds],
    ["max_entries", feedBounds.maxEntries],
    ["max_bytes", feedBounds.maxBytes],
    ["max_cursor_characters", feedBounds.maxCursorCharacters],
    ["request_margin_seconds", requestMarginSeconds],
    ["min_interval_seconds", feedTimes.minIntervalSeconds],
    ["burst_requests", feedPace.burstRequests],
    ["requests_per_second", feedPace.requestsPerSecond],
    ["max_pages", maxPages],
    ["forget_margin_seconds", forgetMarginSeconds],
    ["sweep_seconds", feedTimes.sweepSeconds],
    ["erase_again_after_seconds", eraseAgainAfterSeconds],
  ])("%s is the contract's", (name, value) => {
    expect(value).toBe(revocation[name]?.value);
  });

  test("retry_seconds are the contract's", () => {
    expect({ min: feedTimes.retrySeconds, max: feedTimes.maxRetrySeconds }).toEqual(
      revocation["retry_seconds"],
    );
  });

  test("the token that opens it is the contract's", () => {
    const { info, type, audience, subject, ttlSeconds } = feedToken;
    expect({ info, typ: type, aud: audience, sub: subject, ttl_seconds: ttlSeconds }).toEqual(
      revocation.feed_token,
    );
  });

  test("its key is derived as the contract's cases say", () => {
    interface Case {
      readonly key: string;
      readonly feed_key: string;
    }
    const { cases } = contractFile<{ cases: Case[] }>("vectors/keys.json");
    expect(cases.map(({ key }) => deriveFeedKey(key))).toEqual(cases.map(({ feed_key }) => feed_key));
  });
});
