import { isIP } from "node:net";
import type { Clock } from "watchword";

const windowSeconds = 60;
const maxAddresses = 10_000;

interface Window {
  failures: number;
  endsAt: number;
}

/** Counts failed credentials per address and minute (contract, HTTP rule 12). */
export class FailureLimit {
  readonly #maxPerMinute: number;
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();

  constructor(maxPerMinute: number, clock: Clock) {
    this.#maxPerMinute = maxPerMinute;
    this.#clock = clock;
  }

  /**
   * Counts one failure. The minute starts with an address's first failure.
   *
   * @returns 0 while the bound holds, afterwards the seconds until the minute is over (at least 1).
   */
  count(address: string): number {
    const now = this.#clock.now();
    const key = networkOf(address);
    let window = this.#windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      this.#makeRoom(now);
      window = { failures: 0, endsAt: now + windowSeconds };
      this.#windows.delete(key);
      this.#windows.set(key, window);
    }
    window.failures += 1;
    return window.failures <= this.#maxPerMinute ? 0 : Math.max(1, Math.ceil(window.endsAt - now));
  }

  /** Windows are kept in the order in which they end, so the first ones are the ones to give up. */
  #makeRoom(now: number): void {
    for (const [key, window] of this.#windows) {
      if (window.endsAt > now && this.#windows.size < maxAddresses) return;
      this.#windows.delete(key);
    }
  }
}

/** An IPv4 address as it is; the /64 network of an IPv6 address, which one subscriber holds as a whole. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = (address.split("%")[0] ?? "").split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(Math.max(0, zeros)).fill("0"), ...right];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}
