import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { toProblem, WatchwordError } from "watchword";
import { isDatabaseUnavailable } from "../database/faults.ts";
import type { Log } from "../log.ts";
import { ApiProblem, unavailable } from "./api-problem.ts";
import { auditRefusal, isFailedCredential } from "./audit.ts";
import { type ApiEnvironment, serverBindings } from "./environment.ts";
import type { FailureLimit } from "./rate-limit.ts";

export interface ProblemAnswersOptions {
  log: Log;
  failures: FailureLimit;
}

/** The one place where a thrown error becomes an answer. Whatever is not a refusal is a 500 that says nothing. */
export function problemAnswers({ log, failures }: ProblemAnswersOptions) {
  return (error: Error, c: Context<ApiEnvironment>): Response => {
    const refusal = afterLimit(refusalOf(error), c);
    if (refusal.status >= 500) logFault(error, refusal, c);
    auditRefusal(log, refusal, c);
    return answerProblem(refusal, c);
  };

  /** Past the bound a failed credential is answered 429; nothing else is counted or limited. */
  function afterLimit(refusal: WatchwordError, c: Context<ApiEnvironment>): WatchwordError {
    if (!isFailedCredential(refusal)) return refusal;
    const waitSeconds = failures.count(serverBindings(c).incoming?.socket.remoteAddress ?? "");
    if (waitSeconds === 0) return refusal;
    return new ApiProblem("rate_limited", { headers: { "Retry-After": String(waitSeconds) } });
  }

  /** The class and the place of a fault, for the operator; its message could quote what was sent. */
  function logFault(error: Error, refusal: WatchwordError, c: Context<ApiEnvironment>): void {
    log.error("watchword.fault", {
      "http.request.id": c.get("requestId"),
      "error.type": refusal.code,
      "exception.type": error.name,
      "exception.stacktrace": error.stack
        ?.split("\n")
        .filter((line) => /^ {4}at /.test(line))
        .join("\n"),
    });
  }
}

/** Renders a refusal; the fields that stand on every answer are already on the context. */
export function answerProblem(refusal: WatchwordError, c: Context<ApiEnvironment>): Response {
  const extra = refusal instanceof ApiProblem ? refusal : null;
  const { status, headers, body } = toProblem(refusal, extra?.errors ?? undefined);
  c.set("refusal", refusal.code);
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, { ...headers, ...extra?.headers });
}

function refusalOf(error: Error): WatchwordError {
  const known = error instanceof HTTPException ? error.cause : error;
  if (known instanceof WatchwordError) return known;
  return isDatabaseUnavailable(error) ? unavailable(error) : new ApiProblem("internal_error");
}
