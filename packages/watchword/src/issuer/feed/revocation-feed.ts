import type { Clock } from "../../clock.ts";
import { type FeedCursor, writeCursor } from "./feed-cursor.ts";
import { overlapSeconds, pollMilliseconds, RecentRevocations } from "./recent-revocations.ts";
import {
  keepSeconds,
  type LoggedRevocation,
  type LogStore,
  positionAt,
  revocationsAfter,
} from "./revocation-log.ts";

/** One entry of the feed, as verifiers read it. Times are seconds since 1970. */
export interface FeedEntry {
  readonly kind: "session" | "user";
  /** `sid`, or `sub`. */
  readonly id: string;
  /** A `user` entry concerns the tokens with an `iat` at or before it. */
  readonly at: number;
  /** When the last token it can concern has expired. */
  readonly until: number;
  /** The user is gone. */
  readonly deleted?: true;
}

/** An answer of the feed. */
export interface FeedAnswer {
  readonly entries: readonly FeedEntry[];
  /** What to ask with next. */
  readonly cursor: string;
  /** There is more: ask again at once. */
  readonly more: boolean;
  /** The issuer's clock: seconds since 1970, with three decimals. */
  readonly now: number;
}

/** Entries in an answer, at most (`contract/defaults.json`, `revocation.max_entries`). */
export const maxEntries = 10_000;

/** The log as verifiers follow it. One per process. */
export class RevocationFeed {
  readonly #store: LogStore;
  readonly #clock: Clock;
  readonly #recent: RecentRevocations;
  readonly #waiting = new Set<() => void>();
  #released = false;

  constructor(store: LogStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#recent = new RecentRevocations(store, clock);
  }

  /** Something was logged by this process: whoever waits is answered at once. */
  wake(): void {
    this.#recent.expire();
    for (const resume of [...this.#waiting]) resume();
  }

  /**
   * Whether a cursor can be followed from. One that is settled beyond the present was given before the clock was set back:
   * what ends now would stand before it, and never be told.
   */
  knows({ settled }: FeedCursor): boolean {
    return settled <= positionAt(this.#clock.now());
  }

  /** Whether nobody waits here any more, because the process is about to end. */
  get released(): boolean {
    return this.#released;
  }

  /** Answers whoever waits, and from now on everybody at once. */
  release(): void {
    this.#released = true;
    this.wake();
  }

  /**
   * What has come since the cursor, at once when there is anything.
   *
   * @param waitSeconds how long to wait for something to come
   * @param signal ends the waiting when the caller has gone
   */
  async follow(cursor: FeedCursor, waitSeconds: number, signal?: AbortSignal): Promise<FeedAnswer> {
    const deadline = performance.now() + waitSeconds * 1000;
    let from = cursor;
    this.#recent.expire();
    for (;;) {
      const { rows, more, next } = await this.#page(from);
      const remaining = deadline - performance.now();
      if (rows.length > 0 || more || remaining <= 0 || this.#released || signal?.aborted) {
        const now = this.#clock.now();
        const entries = rows.filter(({ until }) => until.getTime() / 1000 + keepSeconds > now).map(feedEntry);
        return { entries, cursor: writeCursor(next), more, now: Math.round(now * 1000) / 1000 };
      }
      from = next;
      await this.#change(Math.min(pollMilliseconds, remaining), signal);
    }
  }

  async #page(
    cursor: FeedCursor,
  ): Promise<{ rows: readonly LoggedRevocation[]; more: boolean; next: FeedCursor }> {
    const settled = positionAt(this.#clock.now() - overlapSeconds);
    const { rows, complete } = await this.#rowsAfter(cursor);
    const known = rows.filter(({ position }) => position <= cursor.last).length;
    // A row that was committed late stands among those given already: all of them are given again, and the verifier
    // knows what it knows.
    const fresh = known === cursor.given ? rows.slice(known) : rows;
    const page = fresh.slice(0, maxEntries);
    const more = !complete || fresh.length > page.length;
    const end = page.at(-1)?.position ?? cursor.last;
    const reached = more || end > cursor.last ? end : cursor.last;
    const nextSettled = latest(cursor.settled, more ? earliest(settled, reached) : settled);
    const last = latest(reached, nextSettled);
    const given = rows.filter(({ position }) => position > nextSettled && position <= last).length;
    return { rows: page, more, next: { settled: nextSettled, given, last } };
  }

  async #rowsAfter({
    settled,
    given,
  }: FeedCursor): Promise<{ rows: readonly LoggedRevocation[]; complete: boolean }> {
    if (this.#recent.covers(settled)) {
      await this.#recent.refresh();
      if (this.#recent.covers(settled)) return { rows: this.#recent.after(settled), complete: true };
    }
    const limit = given + maxEntries + 1;
    const rows = await revocationsAfter(this.#store, settled, limit);
    return { rows, complete: rows.length < limit };
  }

  #change(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const resume = () => {
        clearTimeout(timer);
        this.#waiting.delete(resume);
        signal?.removeEventListener("abort", resume);
        resolve();
      };
      const timer = setTimeout(resume, milliseconds);
      this.#waiting.add(resume);
      signal?.addEventListener("abort", resume, { once: true });
    });
  }
}

function feedEntry({ kind, subject, at, until, deleted }: LoggedRevocation): FeedEntry {
  return {
    kind,
    id: subject,
    at: Math.floor(at.getTime() / 1000),
    until: Math.ceil(until.getTime() / 1000),
    ...(deleted && { deleted: true as const }),
  };
}

function earliest(a: string, b: string): string {
  return a < b ? a : b;
}

function latest(a: string, b: string): string {
  return a > b ? a : b;
}
