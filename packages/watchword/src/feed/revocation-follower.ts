import type { Clock } from "../clock.ts";
import {
  type FetchFailure,
  type SourceState,
  type SourceStatus,
  statusFailure,
} from "../keys/source-status.ts";
import type { RevocationSubject } from "../token/revocation.ts";
import { readFeedAnswer } from "./revocation-answer.ts";
import { type Revocation, RevocationList } from "./revocation-list.ts";
import { RequestPace } from "./revocation-pace.ts";

/** When the feed is asked, in seconds. Held against `contract/defaults.json`. */
export const feedTimes = {
  /** How long the issuer may hold a request until there is something to tell. */
  waitSeconds: 25,
  /** Between two requests, also where the issuer does not hold them. */
  minIntervalSeconds: 0.25,
  /** Before the first retry; doubled with each further failure up to {@link maxRetrySeconds}. */
  retrySeconds: 0.25,
  maxRetrySeconds: 1,
  /** Between two searches for what can be forgotten. */
  sweepSeconds: 60,
} as const;

/** Pages of one load, after which there has to be an end. Held against `contract/defaults.json`. */
export const maxPages = 50;

/** What the next request asks for. */
export interface FeedQuestion {
  /** The cursor of the last answer; absent: from the beginning. */
  readonly after?: string;
  /** Seconds. */
  readonly wait: number;
  readonly feedKey: string;
}

/** What follows from an answer. */
export interface FeedStep {
  /** Seconds until the next request. */
  readonly pauseSeconds: number;
  /** What was not known before. */
  readonly learned: readonly Revocation[];
  readonly failure?: FetchFailure;
  /** The issuer told all there was. */
  readonly complete?: true;
}

/** The rules of a follower, all checked. */
export interface FollowerOptions {
  /** Newest first, at least one. */
  readonly feedKeys: readonly string[];
  readonly clock: Clock;
  /** A number from 0 to 1 that spreads the retries of many verifiers. */
  readonly random: () => number;
  /** Seconds between requests that the issuer does not hold; absent: it holds them. */
  readonly pollSeconds?: number | undefined;
  readonly whenUnreachable: "closed" | "open";
  readonly staleAfterSeconds: number;
  readonly refuseAfterSeconds: number;
}

const nothing: readonly Revocation[] = [];

/**
 * CS-26: what to ask the feed next, and what is revoked after its answers. It knows neither network nor timers.
 */
export class RevocationFollower {
  readonly #options: FollowerOptions;
  readonly #list = new RevocationList();
  readonly #pace: RequestPace;
  #cursor: string | undefined;
  #loaded = false;
  #lastAnswerAt: number | null = null;
  #askedAt = 0;
  #sweptAt: number;
  #failures = 0;
  #key = 0;
  /** Keys that were refused since one was accepted. */
  #refusedKeys = 0;
  #failure: FetchFailure | undefined;
  /** Pages since the list was last complete. */
  #pages = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#sweptAt = options.clock.now();
    this.#pace = new RequestPace(options.clock);
  }

  get entries(): number {
    return this.#list.size;
  }

  /** When the issuer last told all there was: seconds since 1970; `null` before that. */
  get lastAnswerAt(): number | null {
    return this.#lastAnswerAt;
  }

  /** A failure lasts until the list is complete. */
  get status(): SourceStatus {
    const { state, entries, lastAnswerAt } = this;
    return {
      state,
      entries,
      lastAnswerAt,
      ...(this.#failure !== undefined && { failure: this.#failure }),
    };
  }

  get state(): SourceState {
    if (!this.#loaded || this.#lastAnswerAt === null) return "loading";
    const { clock, staleAfterSeconds, refuseAfterSeconds, whenUnreachable } = this.#options;
    // Without a sign: a clock that was set back far says as little as one that was set forward.
    const age = Math.abs(clock.now() - this.#lastAnswerAt);
    if (age <= staleAfterSeconds) return "fresh";
    return age <= refuseAfterSeconds || whenUnreachable === "open" ? "stale" : "refusing";
  }

  /** Whether the list can be relied on. */
  get isUsable(): boolean {
    const { state } = this;
    return state === "fresh" || state === "stale";
  }

  /** @throws Error while the list cannot be relied on. */
  isRevoked(subject: RevocationSubject): boolean {
    const { state } = this;
    if (state === "loading") throw new Error("The list of revocations is not complete yet.");
    if (state === "refusing") throw new Error("The list of revocations is too old.");
    return this.#list.holds(subject);
  }

  next(): FeedQuestion {
    const { feedKeys, clock, pollSeconds } = this.#options;
    this.#askedAt = clock.now();
    this.#pace.take();
    const wait = this.#loaded && this.#cursor !== undefined && pollSeconds === undefined;
    return {
      ...(this.#cursor !== undefined && { after: this.#cursor }),
      wait: wait ? feedTimes.waitSeconds : 0,
      feedKey: feedKeys[this.#key] as string,
    };
  }

  /** An HTTP answer of any kind. */
  answered(status: number, body: Uint8Array): FeedStep {
    if (status === 401) return this.#keyRefused();
    // The issuer does not know the cursor any more. What is known stays known.
    if (status === 400) this.#beginAnew();
    if (status !== 200) return this.failed(statusFailure(status));
    const answer = readFeedAnswer(body);
    if (answer === undefined || (answer.more && answer.cursor === this.#cursor))
      return this.failed("malformed");
    const reload = this.#sweep();
    const learned = answer.entries.filter((entry) => this.#list.add(entry));
    this.#cursor = reload ? undefined : answer.cursor;
    this.#refusedKeys = 0;
    if (answer.more) return this.#turned(learned);
    this.#failures = 0;
    this.#failure = undefined;
    this.#pages = 0;
    this.#lastAnswerAt = this.#options.clock.now();
    this.#loaded = true;
    return { pauseSeconds: this.#pause(), learned, complete: true };
  }

  /** No HTTP answer, or one that says nothing. */
  failed(failure: FetchFailure): FeedStep {
    const { retrySeconds, maxRetrySeconds } = feedTimes;
    const seconds = Math.min(maxRetrySeconds, retrySeconds * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    this.#failure = failure;
    this.#refusedKeys = 0;
    const pauseSeconds = this.#paced(seconds * (0.5 + this.#options.random() / 2));
    return { pauseSeconds, learned: nothing, failure };
  }

  /** After a page that is not the last one. A list without an end is none: it begins anew. */
  #turned(learned: readonly Revocation[]): FeedStep {
    this.#pages += 1;
    if (this.#pages < maxPages) return { pauseSeconds: this.#paced(0), learned };
    this.#beginAnew();
    return { ...this.failed("malformed"), learned };
  }

  #beginAnew(): void {
    this.#cursor = undefined;
    this.#pages = 0;
  }

  /** While keys are rotated the issuer may know another one: each is tried once before it counts as a failure. */
  #keyRefused(): FeedStep {
    const { feedKeys } = this.#options;
    this.#key = (this.#key + 1) % feedKeys.length;
    this.#refusedKeys += 1;
    if (this.#refusedKeys < feedKeys.length) return { pauseSeconds: this.#paced(0), learned: nothing };
    return this.failed("status_401");
  }

  #pause(): number {
    const { clock, pollSeconds } = this.#options;
    if (pollSeconds !== undefined) return this.#paced(pollSeconds);
    const elapsed = Math.max(0, clock.now() - this.#askedAt);
    return this.#paced(feedTimes.minIntervalSeconds - elapsed);
  }

  #paced(seconds: number): number {
    return Math.max(seconds, this.#pace.pauseSeconds());
  }

  /** @returns whether to load everything again: a clock that is set back brings tokens to life that were forgotten. */
  #sweep(): boolean {
    const now = this.#options.clock.now();
    const elapsed = now - this.#sweptAt;
    if (Math.abs(elapsed) < feedTimes.sweepSeconds) return false;
    this.#list.forget(now);
    this.#sweptAt = now;
    return elapsed < 0;
  }
}
