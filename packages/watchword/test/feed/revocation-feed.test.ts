import { describe, expect, test, vi } from "vitest";
import { ConfigurationError } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import type { FeedEvent } from "../../src/feed/revocation-events.ts";
import { createRevocationFeed } from "../../src/feed/revocation-feed.ts";
import type { FeedOptions } from "../../src/feed/revocation-feed-options.ts";
import type { Revocation } from "../../src/feed/revocation-list.ts";
import { deriveFeedKey, feedToken } from "../../src/feed/revocation-token.ts";
import { computeKeyId, deriveKey } from "../../src/keys/keys.ts";
import { fixedClock } from "../../src/testing/index.ts";
import { audience, now, options, token } from "../sample-token.ts";
import { feedAnswer, scriptedFeed } from "./scripted-feed.ts";

const key = "T6l6XuCzyGdtFocHUHqj7U9yo7-FR1-ifEXuHrVJVhM";
const secret = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa";
const issuer = "https://auth.example.test";

function scripted(given: Partial<FeedOptions> = {}) {
  const script = scriptedFeed();
  const clock = fixedClock(now);
  const events: FeedEvent[] = [];
  const feed = createRevocationFeed({
    issuer,
    key,
    audience,
    clock,
    fetch: script.fetch,
    sleep: script.sleep,
    random: () => 1,
    onEvent: (event) => events.push(event),
    ...given,
  });
  const verifier = createVerifier({ ...options, clock, revocation: feed });
  const verdict = async (text = token()) =>
    verifier.verify(text).then(
      () => "accepted",
      (error: { code: string }) => error.code,
    );
  return { ...script, clock, feed, events, verifier, verdict };
}

const session = (id: string, at = now, until = now + 1000) => ({ kind: "session", id, at, until });
const user = (id: string, at = now, until = now + 1000) => ({ kind: "user", id, at, until });
const sid = "session-1";
const patience = { timeout: 20_000, interval: 10 };

describe("a revocation feed", () => {
  test("refuses as unavailable until its list is complete, then lets pass what is not on it", async () => {
    const { feed, asked, verdict } = scripted();
    expect(await verdict(token({ sid }))).toBe("unavailable");
    feed.start();
    const first = await asked();
    expect(feed.status()).toEqual({ state: "loading", entries: 0, lastAnswerAt: null });
    first.answer(200, { ...feedAnswer("c1", session("another")), more: true });
    const second = await asked();
    expect(second.url.search).toBe("?after=c1");
    expect(await verdict(token({ sid }))).toBe("unavailable");
    second.answer(200, feedAnswer("c2"));
    await vi.waitFor(() => expect(feed.status().state).toBe("fresh"), patience);
    expect(await verdict(token({ sid }))).toBe("accepted");
    expect(await verdict(token({ sid: "another" }))).toBe("revoked");
    await feed.close();
  });

  test.each([
    ["/feed#part", "?after=c1&wait=25"],
    ["/feed?for=api#part?", "?for=api&after=c1&wait=25"],
  ])("leaves the query to the issuer where its url has a fragment: %s", async (url, query) => {
    const { feed, asked, settled } = scripted({ url: `${issuer}${url}` });
    feed.start();
    (await asked()).answer(200, feedAnswer("c1"));
    await settled();
    const { pathname, search } = (await asked()).url;
    expect([pathname, search]).toEqual(["/feed", query]);
    await feed.close();
  });

  test("has the issuer hold its request, and refuses at once what that brings", async () => {
    const { feed, asked, settled, verdict } = scripted();
    const told: Revocation[] = [];
    feed.onRevocation((one) => told.push(one));
    feed.start();
    (await asked()).answer(200, feedAnswer("c 1"));
    await settled();
    const held = await asked();
    expect(held.url.search).toBe("?after=c+1&wait=25");
    expect(await verdict(token({ sid }))).toBe("accepted");
    held.answer(200, feedAnswer("c2", session(sid)));
    await vi.waitFor(() => expect(told).toHaveLength(1), patience);
    expect(await verdict(token({ sid }))).toBe("revoked");
    expect(told).toEqual([session(sid)]);
    await feed.close();
  });

  test("shows a token of its own kind, which no verifier of API tokens accepts", async () => {
    const { feed, asked, clock } = scripted();
    feed.start();
    const { token: shown, init, url } = await asked();
    expect(url.href).toBe(`${issuer}/api/auth/revocations`);
    expect([init.redirect, init.cache]).toEqual(["manual", "no-store"]);
    const opener = createVerifier({
      issuer,
      audience: feedToken.audience,
      key: deriveFeedKey(key),
      acceptedTypes: [feedToken.type],
      maxLifetimeSeconds: feedToken.ttlSeconds,
      clock,
    });
    expect(await opener.verify(shown)).toMatchObject({ userId: "verifier", expiresAt: Math.floor(now) + 60 });
    await expect(createVerifier({ ...options, clock, key }).verify(shown)).rejects.toMatchObject({
      code: "wrong_type",
    });
    await feed.close();
  });

  test("tries its other keys where one is refused", async () => {
    const old = "kP4wZ8rT2yV6bN0mC5xL9qS3dF7gH1jE";
    const { feed, asked } = scripted({ secret: [secret, old] });
    feed.start();
    const shown = [await asked()];
    shown[0]?.answer(401);
    shown.push(await asked());
    const kids = shown.map(({ token: text }) => JSON.parse(atob(text.split(".")[0] ?? "")).kid);
    expect(kids).toEqual([key, deriveKey(old, audience)].map((one) => computeKeyId(deriveFeedKey(one))));
    await feed.close();
  });

  test("reports a failure once, and the states that follow from it", async () => {
    const { feed, asked, settled, clock, events, verdict } = scripted();
    feed.start();
    (await asked()).answer(200, feedAnswer("c1"));
    await settled();
    (await asked()).fail();
    await settled();
    clock.advance(100);
    (await asked()).fail();
    await settled();
    (await asked()).answer(503, "x");
    await settled();
    expect(await verdict(token({ sid, exp: now + 900 }))).toBe("accepted");
    clock.advance(250);
    expect(await verdict(token({ sid, exp: now + 900 }))).toBe("unavailable");
    expect(feed.status().state).toBe("refusing");
    (await asked()).answer(200, feedAnswer("c1", session(sid)));
    await settled();
    expect(await verdict(token({ sid, exp: now + 900 }))).toBe("revoked");
    expect(events.map(({ at: _, ...event }) => event)).toEqual([
      { name: "watchword.feed.state", state: "fresh", entries: 0 },
      { name: "watchword.feed.failed", reason: "unreachable" },
      { name: "watchword.feed.state", state: "stale", entries: 0 },
      { name: "watchword.feed.failed", reason: "status_503" },
      { name: "watchword.feed.state", state: "refusing", entries: 0 },
      { name: "watchword.feed.revoked", count: 1 },
      { name: "watchword.feed.state", state: "fresh", entries: 1 },
    ]);
    await feed.close();
  });

  test("gives up a request that takes too long, by its own time", async () => {
    const { feed, asked, settled, runOut, events } = scripted();
    feed.start();
    const { init } = await asked();
    await runOut(10);
    await settled();
    expect(init.signal?.aborted).toBe(true);
    expect(events).toEqual([{ name: "watchword.feed.failed", at: now, reason: "timeout" }]);
    (await asked()).answer(200, feedAnswer("c1"));
    await settled();
    await asked();
    await runOut(35);
    await settled();
    expect(events.filter(({ name }) => name === "watchword.feed.failed")).toHaveLength(1 + 1);
    await feed.close();
  });

  test("gives up a request whose fetch does not heed the signal", async () => {
    const { feed, runOut, events } = scripted({ fetch: () => new Promise(() => {}) });
    feed.start();
    await runOut(10);
    await vi.waitFor(() => expect(events).toMatchObject([{ reason: "timeout" }]), patience);
    await feed.close();
  });

  test("refuses an answer that is larger than it may be", async () => {
    const { feed, asked, settled, events } = scripted();
    feed.start();
    (await asked()).answer(200, `{"pad":"${"x".repeat(8_388_608)}"}`);
    await settled();
    expect(events).toMatchObject([{ reason: "malformed" }]);
    await feed.close();
  });

  test("ends the request that is under way when it is closed, and asks no more", async () => {
    const { feed, asked, unseen } = scripted();
    feed.start();
    feed.start();
    const { init } = await asked();
    await feed.close();
    expect([init.signal?.aborted, unseen()]).toEqual([true, 0]);
    await feed.close();
  });

  test("goes on where it was when it is started again", async () => {
    const { feed, asked, settled } = scripted();
    feed.start();
    (await asked()).answer(200, feedAnswer("c1", session(sid)));
    await settled();
    await asked();
    await feed.close();
    feed.start();
    expect((await asked()).url.searchParams.get("after")).toBe("c1");
    expect(feed.status().entries).toBe(1);
    await feed.close();
  });

  test("is not disturbed by listeners that throw, and forgets those that left", async () => {
    const told: string[] = [];
    const { feed, asked, settled } = scripted({
      onEvent: () => {
        throw new Error("from onEvent");
      },
    });
    feed.onRevocation(() => {
      throw new Error("from a listener");
    });
    feed.onRevocation(({ id }) => told.push(id));
    const leave = feed.onRevocation(({ id }) => told.push(`left ${id}`));
    leave();
    feed.start();
    (await asked()).answer(200, feedAnswer("c1", session(sid), session(sid)));
    await settled();
    expect(told).toEqual([sid]);
    await feed.close();
  });

  test("demands the claim by which sessions are found", async () => {
    const { verdict } = scripted();
    expect(await verdict(token({ sid: undefined }))).toBe("missing_claim");
  });

  test("takes 10 000 revocations in one answer", async () => {
    const { feed, asked, settled, verdict } = scripted();
    feed.start();
    const entries = Array.from({ length: 10_000 }, (_, index) => session(`session-${index}`));
    (await asked()).answer(200, feedAnswer("c1", ...entries));
    await settled();
    expect(feed.status().entries).toBe(10_000);
    expect(await verdict(token({ sid: "session-9999" }))).toBe("revoked");
    expect(await verdict(token({ sid: "session-10000" }))).toBe("accepted");
    await feed.close();
  });
});

describe("a user whose account is gone", () => {
  const gone = { ...user("user_gone"), deleted: true };

  test("is erased until that succeeds, and once more for what was under way", async () => {
    const erased: string[] = [];
    let fails = true;
    const { feed, asked, settled, clock, events } = scripted({
      onUserDeleted: async (userId) => {
        erased.push(userId);
        if (fails) throw new Error("the database is away");
      },
    });
    const quiet = async () => {
      const held = await asked();
      held.answer(200, feedAnswer("c1", gone));
      await settled();
    };
    feed.start();
    await quiet();
    expect(erased).toEqual(["user_gone"]);
    fails = false;
    await quiet();
    expect(erased).toHaveLength(2);
    await quiet();
    expect(erased).toHaveLength(2);
    clock.advance(30);
    await quiet();
    expect(erased).toHaveLength(3);
    clock.advance(60);
    await quiet();
    expect(erased).toHaveLength(3);
    expect(events.filter((event) => "userId" in event).map(({ name }) => name)).toEqual([
      "watchword.user.erase_failed",
      "watchword.user.erased",
    ]);
    await feed.close();
  });

  test("is the only one that is", async () => {
    const erased: string[] = [];
    const { feed, asked, settled } = scripted({ onUserDeleted: (userId) => void erased.push(userId) });
    feed.start();
    (await asked()).answer(200, feedAnswer("c1", user("user_banned"), session("user_banned")));
    await settled();
    expect(erased).toEqual([]);
    await feed.close();
  });
});

describe("options that cannot be right stop the start", () => {
  test.each<[string, Partial<FeedOptions>]>([
    ["no key", {}],
    ["a short key", { key: "short" }],
    ["a short secret", { secret: "short" }],
    ["a short feedSecret", { key, feedSecret: "short" }],
    ["a blank issuer", { key, issuer: " " }],
    ["an url that is none", { key, url: "/api/auth/revocations" }],
    ["an http: address of another machine", { key, url: "http://web:3000/api/auth/revocations" }],
    ["a user name in the url", { key, url: "https://me@auth.example.test/" }],
    ["another word for whenUnreachable", { key, whenUnreachable: "ajar" as "open" }],
    ["polling too often", { key, pollSeconds: 0.1 }],
    ["polling too seldom", { key, pollSeconds: 31 }],
    ["refusing before it is stale", { key, staleAfterSeconds: 60, refuseAfterSeconds: 59 }],
  ])("%s", (_name, given) => {
    expect(() => createRevocationFeed({ issuer, ...given })).toThrow(ConfigurationError);
  });

  test("but an http: address of another machine may be allowed, by the boolean alone", () => {
    const options = { issuer, key, url: "http://web:3000/r" };
    expect(createRevocationFeed({ ...options, allowHttp: true })).toBeDefined();
    for (const allowHttp of ["1", "no", 1] as never[])
      expect(() => createRevocationFeed({ ...options, allowHttp })).toThrow("Set allowHttp");
  });

  test("feedSecret alone opens the feed, where it is given", async () => {
    const feedSecret = "kP4wZ8rT2yV6bN0mC5xL9qS3dF7gH1jE";
    const { feed, asked, clock } = scripted({ feedSecret, secret });
    feed.start();
    const opener = createVerifier({
      issuer,
      audience: feedToken.audience,
      key: deriveFeedKey(feedSecret),
      acceptedTypes: [feedToken.type],
      clock,
    });
    const { token: shown } = await asked();
    expect(await opener.verify(shown)).toMatchObject({ userId: "verifier" });
    await feed.close();
  });

  test("a secret without an audience stops the start: the key is derived for one", () => {
    const derive = () => createRevocationFeed({ issuer, secret });
    expect(derive).toThrow(ConfigurationError);
    expect(derive).toThrow("needs the audience");
  });

  test("a secret opens it by the key that is derived from it", async () => {
    const { feed, asked, clock } = scripted({ key: [], secret });
    feed.start();
    const opener = createVerifier({
      issuer,
      audience: feedToken.audience,
      key: deriveFeedKey(deriveKey(secret, audience)),
      acceptedTypes: [feedToken.type],
      clock,
    });
    expect(await opener.verify((await asked()).token)).toMatchObject({ userId: "verifier" });
    await feed.close();
  });
});
