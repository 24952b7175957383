import type { TokenEvent } from "countersign/better-auth";
import type { ProxyEvent } from "countersign/next";
import { log } from "./log.ts";

const usual = new Set<string>(["countersign.token.issued", "countersign.proxy.forwarded"]);

/** Writes an authentication event as one JSON line to stdout. Events carry ids, never a token or a secret. */
export function logAuthEvent(event: TokenEvent | ProxyEvent): void {
  const { at, name, ...facts } = event;
  log(usual.has(name) ? "info" : "warn", name, facts, new Date(at * 1000));
}
