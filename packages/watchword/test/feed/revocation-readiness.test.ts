import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { demandTimes } from "../../src/feed/revocation-demand.ts";
import type { FeedEvent } from "../../src/feed/revocation-events.ts";
import { createRevocationFeed } from "../../src/feed/revocation-feed.ts";
import type { FeedOptions } from "../../src/feed/revocation-feed-options.ts";
import { fixedClock } from "../../src/testing/index.ts";
import { contractFile } from "../contract-files.ts";
import { issuer, key, now, options, token } from "../sample-token.ts";
import { feedAnswer, scriptedFeed } from "./scripted-feed.ts";

const sid = "session-1";
const session = (id: string) => ({ kind: "session", id, at: now, until: now + 1000 });

function scripted(given: Partial<FeedOptions> = {}) {
  const script = scriptedFeed();
  const clock = fixedClock(now);
  const events: FeedEvent[] = [];
  const feed = createRevocationFeed({
    issuer,
    key,
    clock,
    fetch: script.fetch,
    sleep: script.sleep,
    random: () => 1,
    onEvent: (event) => events.push(event),
    ...given,
  });
  const verifier = createVerifier({ ...options, clock, revocation: feed });
  const verdict = (text = token({ sid, exp: now + 5000 })) =>
    verifier.verify(text).then(
      () => "accepted",
      (error: { code: string }) => error.code,
    );
  return { ...script, clock, feed, events, verifier, verdict };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("ready()", () => {
  test("starts the feed and waits until its list is complete", async () => {
    const { feed, asked, verdict } = scripted();
    let ready = false;
    const waiting = feed.ready({ timeoutSeconds: 5 }).then(() => {
      ready = true;
    });
    (await asked()).answer(200, { ...feedAnswer("c1"), more: true });
    const second = await asked();
    expect(ready).toBe(false);
    second.answer(200, feedAnswer("c2"));
    await waiting;
    expect([feed.status().state, await verdict()]).toEqual(["fresh", "accepted"]);
    await feed.ready();
    expect(vi.getTimerCount()).toBe(0);
    await feed.close();
  });

  test("is unavailable after its time, and the feed goes on", async () => {
    const { feed, asked, settled } = scripted();
    const outcome = expect(feed.ready({ timeoutSeconds: 5 })).rejects.toMatchObject({ code: "unavailable" });
    const held = await asked();
    await vi.advanceTimersByTimeAsync(5000);
    await outcome;
    held.answer(200, feedAnswer("c1"));
    await settled();
    expect(feed.status().state).toBe("fresh");
    await feed.close();
  });

  test("ends with the feed", async () => {
    const { feed, asked } = scripted();
    const outcome = expect(feed.ready()).rejects.toMatchObject({ code: "unavailable" });
    await asked();
    await feed.close();
    await outcome;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a request before the first list", () => {
  test("waits for it up to the bound", async () => {
    const { feed, asked, verdict } = scripted({ requestWaitSeconds: 3 });
    feed.start();
    const held = await asked();
    const verdicts = [verdict(), verdict(token({ sid: "another", exp: now + 5000 }))];
    held.answer(200, feedAnswer("c1", session("another")));
    expect(await Promise.all(verdicts)).toEqual(["accepted", "revoked"]);
    expect(vi.getTimerCount()).toBe(0);
    await feed.close();
  });

  test("is unavailable once the bound has passed", async () => {
    const { feed, asked, verdict } = scripted({ requestWaitSeconds: 3 });
    feed.start();
    await asked();
    const late = verdict();
    await vi.advanceTimersByTimeAsync(2999);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await late).toBe("unavailable");
    await feed.close();
  });

  test("waits for a list that is too old, also with a token that is known", async () => {
    const { feed, asked, settled, verifier, verdict, clock } = scripted({ requestWaitSeconds: 3 });
    feed.start();
    (await asked()).answer(200, feedAnswer("c1"));
    await settled();
    const text = token({ sid, exp: now + 5000 });
    expect(await verdict(text)).toBe("accepted");
    clock.advance(301);
    expect(await verifier.verify(text, { revocation: "none" })).toMatchObject({ sessionId: sid });
    const waiting = verdict(text);
    (await asked()).answer(200, feedAnswer("c2", session(sid)));
    expect(await waiting).toBe("revoked");
    await feed.close();
  });

  test("does not wait where nothing was asked for", async () => {
    const { feed, asked, verdict } = scripted();
    feed.start();
    await asked();
    expect(await verdict()).toBe("unavailable");
    await feed.close();
  });

  test.each([-1, 11, Number.NaN, "1"])("cannot wait %s seconds", (requestWaitSeconds) => {
    expect(() => scripted({ requestWaitSeconds } as never)).toThrow(/requestWaitSeconds/);
  });
});

describe("a feed that nobody started", () => {
  const notStarted = { name: "watchword.feed.failed", at: now, reason: "not_started" };

  test("says so once, where somebody listens", async () => {
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    const { events, verdict } = scripted({ requestWaitSeconds: 3 });
    expect([await verdict(), await verdict()]).toEqual(["unavailable", "unavailable"]);
    expect([events, warned.mock.calls]).toEqual([[notStarted], []]);
  });

  test("says so once in the log of the process otherwise", async () => {
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    const { verdict } = scripted({ onEvent: undefined } as never);
    expect([await verdict(), await verdict()]).toEqual(["unavailable", "unavailable"]);
    expect(warned.mock.calls).toEqual([[expect.stringContaining("Call feed.start()")]]);
  });

  test("says nothing of it once it was started or closed", async () => {
    const { feed, events, verdict } = scripted();
    feed.start();
    await feed.close();
    expect([await verdict(), events]).toEqual(["unavailable", []]);
  });
});

describe("a feed that is asked on demand", () => {
  const onDemand = { onDemand: true } as const;

  test("is asked by a request, never held, and again when its list is two seconds old", async () => {
    const { feed, asked, unseen, verdict, clock, events } = scripted(onDemand);
    feed.start();
    const first = verdict();
    const held = await asked();
    expect(held.url.search).toBe("");
    held.answer(200, feedAnswer("c1"));
    expect(await first).toBe("accepted");
    clock.advance(1.9);
    expect([await verdict(), unseen()]).toEqual(["accepted", 0]);
    clock.advance(0.1);
    const second = verdict();
    const next = await asked();
    expect(next.url.search).toBe("?after=c1");
    next.answer(200, feedAnswer("c2", session(sid)));
    expect(await second).toBe("revoked");
    expect(events.map((event) => ("state" in event ? event.state : event.name))).toEqual([
      "fresh",
      "watchword.feed.revoked",
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("gives all requests the one list", async () => {
    const { asked, unseen, verdict } = scripted(onDemand);
    const verdicts = Array.from({ length: 20 }, () => verdict());
    const held = await asked();
    held.answer(200, { ...feedAnswer("c1"), more: true });
    (await asked()).answer(200, feedAnswer("c2"));
    expect([new Set(await Promise.all(verdicts)), unseen()]).toEqual([new Set(["accepted"]), 0]);
  });

  test("is unavailable without a list, and serves the one at hand while the issuer does not answer", async () => {
    const { feed, asked, unseen, verdict, clock } = scripted(onDemand);
    const refused = verdict();
    (await asked()).fail();
    expect(await refused).toBe("unavailable");
    const first = verdict();
    (await asked()).answer(200, feedAnswer("c1"));
    expect(await first).toBe("accepted");
    clock.advance(3);
    const second = verdict();
    (await asked()).answer(503);
    expect(await second).toBe("accepted");
    clock.advance(9);
    expect([await verdict(), unseen()]).toEqual(["accepted", 0]);
    clock.advance(1);
    const waiting = verdict();
    await asked();
    // The others do not wait for an issuer that did not answer before.
    expect(await verdict()).toBe("accepted");
    await vi.advanceTimersByTimeAsync(5000);
    expect([await waiting, feed.status().failure]).toEqual(["accepted", "status_503"]);
    clock.advance(290);
    const late = verdict();
    (await asked()).fail();
    expect(await late).toBe("unavailable");
  });

  test("is asked anew where a request took its question with it", async () => {
    const { asked, verdict, clock } = scripted(onDemand);
    const lost = verdict();
    await asked();
    await vi.advanceTimersByTimeAsync(5000);
    expect(await lost).toBe("unavailable");
    clock.advance(11);
    const next = verdict();
    (await asked()).answer(200, feedAnswer("c1"));
    expect(await next).toBe("accepted");
  });

  test("can be made ready", async () => {
    const { feed, asked } = scripted(onDemand);
    const waiting = feed.ready();
    (await asked()).answer(200, feedAnswer("c1"));
    await waiting;
    expect(feed.status().state).toBe("fresh");
  });

  test("is what Cloudflare's platform gets", async () => {
    vi.stubGlobal("navigator", { userAgent: "Cloudflare-Workers" });
    const { feed, unseen } = scripted();
    vi.unstubAllGlobals();
    feed.start();
    expect(unseen()).toBe(0);
  });

  test("has the numbers of the contract", () => {
    const { revocation } = contractFile<{ revocation: Record<string, unknown> }>("defaults.json");
    const { pollSeconds, requestWaitSeconds, coolDownSeconds } = demandTimes;
    expect({
      poll_seconds: pollSeconds,
      request_wait_seconds: requestWaitSeconds,
      cool_down_seconds: coolDownSeconds,
    }).toEqual(revocation["demand"]);
    expect(() => scripted({ onDemand: "yes" } as never)).toThrow(/onDemand/);
  });
});
