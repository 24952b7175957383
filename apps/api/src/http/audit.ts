import type { CountersignError } from "countersign";
import type { Context } from "hono";
import type { Logger } from "pino";
import type { ApiEnvironment } from "./environment.ts";

/**
 * One line of the audit trail for a credential that was sent and refused, and for a caller who may not do what was asked
 * (`contract/events.json`). A request without a credential is neither.
 */
export function auditRefusal(logger: Logger, refusal: CountersignError, c: Context<ApiEnvironment>): void {
  const { code, claim, status } = refusal;
  const requestId = c.get("requestId");
  const userId = (c.get("identity") as { userId: string } | null | undefined)?.userId;
  if (isFailedCredential(refusal)) {
    const name = claim === undefined ? {} : { claim };
    logger.warn({ event: "countersign.request.refused", code, ...name, requestId });
  } else if (status === 403 && userId !== undefined) {
    logger.warn({ event: "countersign.request.denied", code, userId, requestId });
  }
}

/** A credential was sent and was not accepted. */
export function isFailedCredential({ status, code }: CountersignError): boolean {
  return (status === 401 && code !== "missing") || code === "ambiguous_credentials";
}
