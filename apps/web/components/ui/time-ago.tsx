"use client";

import { useHydrated } from "./use-hydrated.ts";

const dateTime = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** A time as people say it, with the exact one for who asks. */
export function TimeAgo({ iso, className }: { iso: string; className?: string }) {
  // The server knows neither the reader's clock nor the time zone.
  const hydrated = useHydrated();
  return (
    <time dateTime={iso} title={hydrated ? dateTime.format(new Date(iso)) : undefined} className={className}>
      {hydrated ? inWords(new Date(iso), Date.now()) : iso.slice(0, 10)}
    </time>
  );
}

function inWords(time: Date, now: number): string {
  const seconds = Math.round((now - time.getTime()) / 1000);
  if (seconds >= 30 * 86_400) return dateTime.format(time);
  for (const [unit, length] of units) {
    if (seconds >= length) return relative.format(-Math.floor(seconds / length), unit);
  }
  return "just now";
}
