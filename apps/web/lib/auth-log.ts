import type { AuditEvent } from "countersign/better-auth";
import type { ProxyEvent } from "countersign/next";
import { log } from "./log.ts";

type AuthEvent = AuditEvent | ProxyEvent;

/** What somebody should look at. Everything else is a day's business, ordinary sign-outs and key rotations too. */
const remarkable = new Set<AuthEvent["name"]>([
  "countersign.token.refused",
  "countersign.sign_in.refused",
  "countersign.proxy.refused",
  "countersign.key.unusable",
]);

/** Writes an authentication event as one JSON line to stdout. Events carry ids, never a token or a secret. */
export function logAuthEvent(event: AuthEvent): void {
  const { at, name, ...facts } = event;
  log(remarkable.has(name) ? "warn" : "info", name, facts, new Date(at * 1000));
}
