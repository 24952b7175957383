import type { Clock } from "../clock.ts";

/** A clock that stands still until it is moved. */
export interface AdjustableClock extends Clock {
  /** Moves the clock; a negative number moves it back. */
  advance(seconds: number): void;
}

/** @param epochSeconds seconds since 1970-01-01T00:00:00Z. */
export function fixedClock(epochSeconds: number): AdjustableClock {
  let current = epochSeconds;
  return {
    now: () => current,
    advance(seconds) {
      current += seconds;
    },
  };
}
