import type { Clock } from "../clock.ts";
import type { FeedStep, RevocationFollower } from "./revocation-follower.ts";
import { Readiness } from "./revocation-readiness.ts";
import { requestMarginSeconds } from "./revocation-request.ts";

/** When a feed is asked in the course of requests, in seconds. Held against `contract/defaults.json`. */
export const demandTimes = {
  /** From this age of the list on, where the options do not say. */
  pollSeconds: 2,
  /** How long a request waits for that, where the options do not say. */
  requestWaitSeconds: 5,
  /** Between two tries while the list can be used and the issuer does not answer. */
  coolDownSeconds: 10,
} as const;

/** Whether nothing runs between requests here: Cloudflare's workerd says so itself. */
export function runsOnDemand(): boolean {
  return globalThis.navigator?.userAgent === "Cloudflare-Workers";
}

/** How a feed is asked on demand. */
export interface DemandOptions {
  readonly clock: Clock;
  readonly pollSeconds: number;
  readonly requestWaitSeconds: number;
  /** One request to the feed. Never rejects. */
  readonly ask: () => Promise<FeedStep>;
  readonly pause: (seconds: number) => Promise<void>;
}

/** Asks the feed in the course of requests, where nothing runs between them. */
export class FeedOnDemand {
  readonly #follower: RevocationFollower;
  readonly #options: DemandOptions;
  readonly #readiness = new Readiness();
  #askedAt = Number.NEGATIVE_INFINITY;
  #underway = false;

  constructor(follower: RevocationFollower, options: DemandOptions) {
    this.#follower = follower;
    this.#options = options;
  }

  /** @returns something to wait for where the list is too old; it never rejects. */
  prepare(): Promise<void> | undefined {
    const { clock, pollSeconds, requestWaitSeconds } = this.#options;
    const { isUsable, lastAnswerAt, status } = this.#follower;
    const now = clock.now();
    if (isUsable && lastAnswerAt !== null && Math.abs(now - lastAnswerAt) < pollSeconds) return undefined;
    const since = Math.abs(now - this.#askedAt);
    // A request that has ended may have taken what it asked with it.
    if (this.#underway && since > requestMarginSeconds) this.#underway = false;
    const failed = status.failure !== undefined;
    if (isUsable && failed && (this.#underway || since < demandTimes.coolDownSeconds)) return undefined;
    const ready = this.#readiness.wait(requestWaitSeconds);
    if (!this.#underway) void this.#load();
    return ready;
  }

  async #load(): Promise<void> {
    this.#underway = true;
    this.#askedAt = this.#options.clock.now();
    for (;;) {
      const { complete, failure, pauseSeconds } = await this.#options.ask();
      if (complete || failure !== undefined) break;
      await this.#options.pause(pauseSeconds);
    }
    this.#underway = false;
    this.#readiness.tell();
  }
}
