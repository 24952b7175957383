import type { Context, Env, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { WatchwordError } from "../errors.ts";
import type { ValidationFault } from "../guard/problem.ts";
import { toProblemResponse } from "./fetch-answer.ts";

/** A refusal in the form that Hono throws; without an `onError` of its own the application answers with the problem. */
export function toHttpException(error: WatchwordError, errors?: readonly ValidationFault[]): HTTPException {
  const res = toProblemResponse(error, errors);
  return new HTTPException(res.status as ContentfulStatusCode, { res, message: error.message, cause: error });
}

/** What depends on the caller is not stored, unless the handler says otherwise. */
export function uncached<E extends Env>(handler: MiddlewareHandler<E>): MiddlewareHandler<E> {
  return (c, next) =>
    marksMessage(c) ? handler(c, next) : handler(c, () => next().then(() => markResponse(c)));
}

/**
 * Forbids to store the answer, on Node's own message: on the response it would cost more than the verification.
 *
 * @returns whether there is such a message.
 */
function marksMessage(c: Context): boolean {
  const message: unknown = c.env?.outgoing;
  if (typeof message !== "object" || message === null || !("setHeader" in message)) return false;
  if (typeof message.setHeader !== "function") return false;
  message.setHeader("Cache-Control", "no-store");
  return true;
}

/** Forbids to store the answer, unless the handler has said something about it. */
function markResponse(c: Context): void {
  if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
}
