import type { TokenEvent } from "countersign/better-auth";

/** Writes an authentication event as one JSON line to stdout. Events carry ids, never a token or a secret. */
export function logAuthEvent(event: TokenEvent): void {
  const { at, name, ...facts } = event;
  const level = name === "countersign.token.issued" ? "info" : "warn";
  const time = new Date(at * 1000).toISOString();
  process.stdout.write(`${JSON.stringify({ level, time, service: "web", event: name, ...facts })}\n`);
}
