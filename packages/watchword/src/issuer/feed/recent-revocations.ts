import type { Clock } from "../../clock.ts";
import {
  countAfter,
  type LoggedRevocation,
  type LogStore,
  positionAt,
  revocationsAfter,
} from "./revocation-log.ts";

/** How far back is looked for what was committed late or by a replica whose clock is behind, in seconds. */
export const overlapSeconds = 30;
/** How far back is kept in memory. */
const windowSeconds = 60;
/** While someone waits the table is asked at most this often, in milliseconds. */
export const pollMilliseconds = 400;
const pageRows = 10_000;

/**
 * The latest rows of the log, read once for all requests that wait in this process. A count says whether there is anything
 * new, also among rows that come late and stand before others: rows are never changed, and removed long after.
 */
export class RecentRevocations {
  readonly #clock: Clock;
  readonly #store: LogStore;
  #base: string;
  #rows: readonly LoggedRevocation[] = [];
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(store: LogStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#base = positionAt(clock.now() - windowSeconds);
  }

  /** Whether everything after the position is at hand once {@link refresh} has been called. */
  covers(position: string): boolean {
    return position >= this.#base;
  }

  after(position: string): readonly LoggedRevocation[] {
    return this.#rows.filter((row) => row.position > position);
  }

  /** The next {@link refresh} asks the table, however soon it comes. */
  expire(): void {
    this.#readAt = Number.NEGATIVE_INFINITY;
  }

  async refresh(): Promise<void> {
    if (performance.now() - this.#readAt < pollMilliseconds) return;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  async #read(): Promise<void> {
    const startedAt = performance.now();
    const now = this.#clock.now();
    if ((await countAfter(this.#store, this.#base)) !== this.#rows.length) this.#rows = await this.#readAll();
    const base = positionAt(now - windowSeconds);
    if (base > this.#base) {
      this.#base = base;
      this.#rows = this.after(base);
    }
    this.#readAt = startedAt;
  }

  async #readAll(): Promise<readonly LoggedRevocation[]> {
    const rows: LoggedRevocation[] = [];
    for (;;) {
      const page = await revocationsAfter(this.#store, rows.at(-1)?.position ?? this.#base, pageRows);
      rows.push(...page);
      if (page.length < pageRows) return rows;
    }
  }
}
