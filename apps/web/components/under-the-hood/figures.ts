import type { Verification } from "../../lib/verification.ts";

/** A duration that was measured in microseconds, as people read it. */
export function took({ microseconds }: Verification): string {
  if (microseconds < 1) return "less than 1 µs";
  return microseconds < 10_000 ? `${microseconds} µs` : `${Math.round(microseconds / 1000)} ms`;
}

/** Enough of a token's id to tell it from the others on the page. */
export function shortTokenId(tokenId: string): string {
  return tokenId.length > 8 ? `${tokenId.slice(0, 8)}…` : tokenId;
}

/** Seconds as a clock counts them down: `14:59`, `1:00:00`. */
export function countdown(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
