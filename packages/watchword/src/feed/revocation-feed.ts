import { systemClock } from "../clock.ts";
import { WatchwordError } from "../errors.ts";
import { type SourceState, type SourceStatus, ToldStatus } from "../keys/source-status.ts";
import type { RevocationSource } from "../token/revocation.ts";
import { FeedOnDemand } from "./revocation-demand.ts";
import { Erasures } from "./revocation-erasure.ts";
import type { FeedEvent } from "./revocation-events.ts";
import { type FeedOptions, followerOptions } from "./revocation-feed-options.ts";
import { type FeedStep, RevocationFollower } from "./revocation-follower.ts";
import type { Revocation } from "./revocation-list.ts";
import { Readiness } from "./revocation-readiness.ts";
import { askFeed } from "./revocation-request.ts";

/** How far the list can be relied on. */
export type FeedState = SourceState;

/** What a feed knows about itself; `failure` lasts until the list is complete again. */
export type FeedStatus = SourceStatus;

/** Follows what an issuer revokes: give it to a verifier as `revocation`, and start it with the process. */
export interface RevocationFeed extends RevocationSource {
  /**
   * Begins to follow. Until the list is complete, tokens are refused with `unavailable`. A second call changes nothing,
   * and neither does one where the feed is asked on demand.
   */
  start(): void;
  /**
   * Starts, where that has not happened, and waits until the list can be relied on. `timeoutSeconds` is 10 by default.
   *
   * @throws WatchwordError `unavailable` where that takes longer; the feed goes on.
   * @example
   * await feed.ready({ timeoutSeconds: 5 });
   */
  ready(options?: { readonly timeoutSeconds?: number }): Promise<void>;
  /** Ends the request that is under way, and the following. */
  close(): Promise<void>;
  status(): FeedStatus;
  /**
   * Calls the listener for each revocation that was not known before.
   *
   * @returns ends that.
   */
  onRevocation(listener: (revocation: Revocation) => void): () => void;
}

/**
 * Makes a feed, once per process. It asks the issuer for all that is revoked, and then, by a request that the issuer
 * holds until there is more, for what follows; `isRevoked` answers from memory.
 *
 * @throws ConfigurationError for options that cannot be right.
 */
export function createRevocationFeed(options: FeedOptions): RevocationFeed {
  const { url, issuer, onDemand, requestWaitSeconds, ...rules } = followerOptions(options);
  const { clock = systemClock, fetch = globalThis.fetch, sleep = timerSleep } = options;
  const follower = new RevocationFollower(rules);
  const listeners = new Set<(revocation: Revocation) => void>();
  const erasures = new Erasures(options.onUserDeleted ?? (() => {}), (userId, erased) =>
    tell({
      name: erased ? "watchword.user.erased" : "watchword.user.erase_failed",
      at: clock.now(),
      userId,
    }),
  );
  let running: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;
  const told = new ToldStatus();
  const readiness = new Readiness();
  let forgotten = !onDemand;

  function tell(event: FeedEvent): void {
    try {
      options.onEvent?.(Object.freeze(event));
    } catch {
      // What listens cannot end the following.
    }
  }

  function tellFailure(): void {
    const reason = told.newFailure(follower.status.failure);
    if (reason !== undefined) tell({ name: "watchword.feed.failed", at: clock.now(), reason });
  }

  function tellState(): FeedStatus {
    const { status } = follower;
    const { state, entries } = status;
    if (told.isNewState(state)) tell({ name: "watchword.feed.state", at: clock.now(), state, entries });
    return status;
  }

  function pass(revocation: Revocation): void {
    if (revocation.deleted === true && options.onUserDeleted) erasures.add(revocation.id, clock.now());
    for (const listener of listeners) {
      try {
        listener(revocation);
      } catch {
        // The others are called all the same.
      }
    }
  }

  /** One request, and what follows from it. */
  async function ask(signal: AbortSignal): Promise<FeedStep> {
    const step = await askFeed(follower, { url, issuer, clock, fetch, sleep, signal });
    if (signal.aborted) return step;
    tellFailure();
    const { learned } = step;
    if (learned.length > 0) tell({ name: "watchword.feed.revoked", at: clock.now(), count: learned.length });
    for (const revocation of learned) pass(revocation);
    tellState();
    if (follower.isUsable) readiness.tell();
    void erasures.run(clock.now());
    return step;
  }

  async function follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { pauseSeconds } = await ask(signal);
      if (pauseSeconds > 0 && !signal.aborted) await sleep(pauseSeconds, signal);
    }
  }

  function start(): void {
    forgotten = false;
    if (onDemand || running !== undefined) return;
    const abort = new AbortController();
    running = { abort, ended: follow(abort.signal) };
  }

  /** Said once: whoever forgot the start would look for long. */
  function tellForgotten(): void {
    if (!forgotten) return;
    forgotten = false;
    if (options.onEvent) {
      tell({ name: "watchword.feed.failed", at: clock.now(), reason: "not_started" });
      return;
    }
    // biome-ignore lint/suspicious/noConsole: there is no other log where nobody listens.
    console.warn("The revocation feed was not started, so that every token is refused. Call feed.start().");
  }

  const ever = new AbortController();
  const demand = new FeedOnDemand(follower, {
    clock,
    pollSeconds: rules.pollSeconds ?? 0,
    requestWaitSeconds,
    ask: () => ask(ever.signal),
    pause: (seconds) => sleep(seconds, ever.signal),
  });

  function prepare(): Promise<void> | undefined {
    if (onDemand) return demand.prepare();
    if (requestWaitSeconds === 0 || running === undefined || follower.isUsable) return undefined;
    return readiness.wait(requestWaitSeconds);
  }

  return Object.freeze<RevocationFeed>({
    requiredClaims: ["sid"],
    prepare,
    isRevoked(subject) {
      tellForgotten();
      return follower.isRevoked(subject);
    },
    start,
    async ready({ timeoutSeconds = 10 } = {}) {
      start();
      if (onDemand) await demand.prepare();
      else if (!follower.isUsable) await readiness.wait(timeoutSeconds);
      if (!follower.isUsable) throw new WatchwordError("unavailable", { variant: "revocations" });
    },
    async close() {
      const stopped = running;
      running = undefined;
      stopped?.abort.abort();
      readiness.tell();
      await stopped?.ended;
    },
    status: tellState,
    onRevocation(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
}

/** Waits, without keeping a process alive that has nothing else to do. */
function timerSleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, seconds * 1000);
    timer.unref?.();
    signal.addEventListener("abort", end);
  });
}
