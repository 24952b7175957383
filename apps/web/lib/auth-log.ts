import { type AuditEvent, toAuditRecord } from "watchword/better-auth";
import type { ProxyEvent } from "watchword/next";
import { log, writeLine } from "./log.ts";

/** Writes an authentication event as one JSON line to stdout. Events carry ids, never a token or a secret. */
export function logAuthEvent(event: AuditEvent | ProxyEvent): void {
  const { timestamp, severity, ...record } = toAuditRecord(event);
  writeLine(timestamp, severity, record);
}

const severities = { debug: "INFO", info: "INFO", success: "INFO", warn: "WARN", error: "ERROR" } as const;

/**
 * Writes what Better Auth and its plugins have to say to the operator. What comes beside the sentence is left out, an error but
 * for its class and place: it may hold what somebody sent.
 */
export function logAuthMessage(level: keyof typeof severities, message: string, ...rest: unknown[]): void {
  const error = rest.find((one) => one instanceof Error);
  log(severities[level], "watchword.library.message", {
    "otel.scope.name": "better-auth",
    "watchword.message": printable(message) || "unknown",
    "exception.type": error?.name,
    "exception.stacktrace": error?.stack
      ?.split("\n")
      .filter((line) => /^ {4}at /.test(line))
      .join("\n"),
  });
}

/** One line of text: a sentence may quote what somebody sent. */
function printable(message: string): string {
  return String(message)
    .replace(/\p{Cc}/gu, " ")
    .slice(0, 1000);
}
