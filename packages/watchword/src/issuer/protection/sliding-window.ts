/** Keys that are remembered; beyond that the oldest are forgotten. */
const maxKeys = 50_000;

/**
 * Counts in a real window: at most `max` in any span of `windowSeconds`. Better Auth's own count begins again only after a
 * whole window without a request. In the memory of this process.
 */
export class SlidingWindow {
  readonly #times = new Map<string, number[]>();

  /**
   * Counts one more.
   *
   * @param now seconds.
   * @returns `undefined`, or the seconds after which the next one fits.
   */
  take(key: string, max: number, windowSeconds: number, now: number): number | undefined {
    const begin = now - windowSeconds;
    // A clock that was set back must not count for ever.
    const times = (this.#times.get(key) ?? []).filter((time) => time > begin && time <= now);
    const oldest = times[times.length - max];
    if (oldest !== undefined) {
      this.#remember(key, times);
      return oldest - begin;
    }
    this.#remember(key, [...times, now]);
    return undefined;
  }

  /** Takes back what was counted last. */
  giveBack(key: string): void {
    const times = this.#times.get(key);
    times?.pop();
    if (times?.length === 0) this.#times.delete(key);
  }

  #remember(key: string, times: number[]): void {
    this.#times.delete(key);
    this.#times.set(key, times);
    if (this.#times.size <= maxKeys) return;
    const [oldest] = this.#times.keys();
    if (oldest !== undefined) this.#times.delete(oldest);
  }
}
