import { errorTable, type RefusalCode, type WatchwordError } from "../errors.ts";
import { challenge } from "./challenge.ts";

/** One fault of a body or query, as in `contract/errors.json` under `validation`. */
export interface ValidationFault {
  readonly in: "body" | "query";
  /** JSON pointer into the body, or `/name` of a query parameter. */
  readonly pointer: string;
  readonly code: string;
}

/** A problem document (RFC 9457). */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: RefusalCode;
  readonly errors?: readonly ValidationFault[];
}

/** An answer that refuses a request. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemDocument;
}

/** When to ask again after `unavailable`, in seconds. Held against `contract/defaults.json`. */
export const retryAfterSeconds = 5;

/** The HTTP form of a refusal. Everything in it comes from the table of codes. */
export function toProblem(refusal: WatchwordError, errors?: readonly ValidationFault[]): Problem {
  const { code, status, message } = refusal;
  const authenticate = challenge(refusal);
  return {
    status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      ...(authenticate !== undefined && { "WWW-Authenticate": authenticate }),
      ...(code === "unavailable" && { "Retry-After": String(retryAfterSeconds) }),
    },
    body: {
      type: `urn:watchword:error:${code}`,
      title: errorTable[code].title,
      status,
      detail: message,
      code,
      ...(errors !== undefined && { errors }),
    },
  };
}
