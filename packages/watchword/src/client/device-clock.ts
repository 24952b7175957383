import type { Clock } from "../clock.ts";

/** How far the two sources may drift apart between two readings before it counts as sleep, in seconds. */
const DRIFT_SECONDS = 1;

/**
 * Seconds that have passed on this device, for differences only: it starts near 0 and never runs backwards.
 *
 * `performance.now()` does not care when somebody sets the clock, but stands still while some devices sleep;
 * `Date.now()` counts the sleep, but jumps when it is set. So it follows the first, and adds the gap when the second
 * has run ahead. A clock set forward therefore costs one early refresh, and a clock set back changes nothing.
 */
export function deviceClock(
  monotonicMilliseconds: () => number = () => globalThis.performance?.now() ?? Date.now(),
  wallMilliseconds: () => number = () => Date.now(),
): Clock {
  let slept = 0;
  let monotonic = monotonicMilliseconds() / 1000;
  let wall = wallMilliseconds() / 1000;
  const start = monotonic;
  return {
    now() {
      const nextMonotonic = monotonicMilliseconds() / 1000;
      const nextWall = wallMilliseconds() / 1000;
      const gap = nextWall - wall - (nextMonotonic - monotonic);
      if (gap > DRIFT_SECONDS) slept += gap;
      monotonic = nextMonotonic;
      wall = nextWall;
      return monotonic - start + slept;
    },
  };
}
