import type { Clock } from "../clock.ts";

/** How fast the feed may be asked, whatever it answers. Held against `contract/defaults.json`. */
export const feedPace = {
  /** So many requests may follow each other at once, such as those for the pages of a long list. */
  burstRequests: 10,
  /** On average beyond that: with the burst at most 40 in any 10 seconds. */
  requestsPerSecond: 3,
} as const;

/** Spreads requests: a bucket that each request takes one from. */
export class RequestPace {
  readonly #clock: Clock;
  #left: number = feedPace.burstRequests;
  #filledAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#filledAt = clock.now();
  }

  /** A request is made now. */
  take(): void {
    this.#fill();
    this.#left = Math.max(0, this.#left - 1);
  }

  /** @returns seconds until the next request may be made. */
  pauseSeconds(): number {
    this.#fill();
    return Math.max(0, 1 - this.#left) / feedPace.requestsPerSecond;
  }

  #fill(): void {
    const now = this.#clock.now();
    // A clock that was set back fills nothing.
    const filled = Math.max(0, now - this.#filledAt) * feedPace.requestsPerSecond;
    this.#left = Math.min(feedPace.burstRequests, this.#left + filled);
    this.#filledAt = now;
  }
}
