import type { TokenEvent } from "countersign/better-auth";
import { log } from "./log.ts";

/** Writes an authentication event as one JSON line to stdout. Events carry ids, never a token or a secret. */
export function logAuthEvent(event: TokenEvent): void {
  const { at, name, ...facts } = event;
  log(name === "countersign.token.issued" ? "info" : "warn", name, facts, new Date(at * 1000));
}
