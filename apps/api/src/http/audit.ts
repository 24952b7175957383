import type { Context } from "hono";
import type { WatchwordError } from "watchword";
import type { Log } from "../log.ts";
import type { ApiEnvironment } from "./environment.ts";

/**
 * One line of the audit trail for a credential that was sent and refused, and for a caller who may not do what was asked
 * (`contract/events.json`). A request without a credential is neither.
 */
export function auditRefusal(log: Log, refusal: WatchwordError, c: Context<ApiEnvironment>): void {
  const { code, claim, audience, expectedAudience, issuer, expectedIssuer, status } = refusal;
  const why = { "error.type": code, "http.request.id": c.get("requestId") };
  const userId = (c.get("identity") as { userId: string } | null | undefined)?.userId;
  if (isFailedCredential(refusal)) {
    log.warn("watchword.request.refused", {
      ...why,
      "watchword.claim": claim,
      "watchword.audience": audience,
      "watchword.expected_audience": expectedAudience,
      "watchword.issuer": issuer,
      "watchword.expected_issuer": expectedIssuer,
    });
  } else if (status === 403 && userId !== undefined) {
    log.warn("watchword.request.denied", { ...why, "user.id": userId });
  }
}

/** A credential was sent and was not accepted. */
export function isFailedCredential({ status, code }: WatchwordError): boolean {
  return (status === 401 && code !== "missing") || code === "ambiguous_credentials";
}
