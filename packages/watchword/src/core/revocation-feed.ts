import { systemClock } from "./clock.ts";
import type { RevocationSource } from "./revocation.ts";
import { Erasures } from "./revocation-erasure.ts";
import type { FeedEvent } from "./revocation-events.ts";
import { type FeedOptions, followerOptions } from "./revocation-feed-options.ts";
import { RevocationFollower } from "./revocation-follower.ts";
import type { Revocation } from "./revocation-list.ts";
import { askFeed } from "./revocation-request.ts";
import { type SourceState, type SourceStatus, ToldStatus } from "./source-status.ts";

/** How far the list can be relied on. */
export type FeedState = SourceState;

/** What a feed knows about itself; `failure` lasts until the list is complete again. */
export type FeedStatus = SourceStatus;

/** Follows what an issuer revokes: give it to a verifier as `revocation`, and start it with the process. */
export interface RevocationFeed extends RevocationSource {
  /** Begins to follow. Until the list is complete, tokens are refused with `unavailable`. A second call changes nothing. */
  start(): void;
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
  const { url, issuer, ...rules } = followerOptions(options);
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

  async function follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { learned, pauseSeconds } = await askFeed(follower, {
        url,
        issuer,
        clock,
        fetch,
        sleep,
        signal,
      });
      if (signal.aborted) return;
      tellFailure();
      if (learned.length > 0)
        tell({ name: "watchword.feed.revoked", at: clock.now(), count: learned.length });
      for (const revocation of learned) pass(revocation);
      tellState();
      void erasures.run(clock.now());
      if (pauseSeconds > 0) await sleep(pauseSeconds, signal);
    }
  }

  return Object.freeze<RevocationFeed>({
    requiredClaims: ["sid"],
    isRevoked: (subject) => follower.isRevoked(subject),
    start() {
      if (running !== undefined) return;
      const abort = new AbortController();
      running = { abort, ended: follow(abort.signal) };
    },
    async close() {
      const stopped = running;
      running = undefined;
      stopped?.abort.abort();
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
