import type { Clock } from "watchword";

/** The present as RFC 3339 text in UTC with exactly three decimals: `2026-01-31T12:00:00.000Z`. */
export function timestamp(clock: Clock): string {
  return new Date(Math.round(clock.now() * 1000)).toISOString();
}
