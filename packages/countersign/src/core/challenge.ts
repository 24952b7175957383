import { type CountersignError, type ErrorEntry, errorTable } from "./errors.ts";

/**
 * The `WWW-Authenticate` value of a refusal (RFC 6750 §3), and the only place that writes one: bare when no credential
 * was sent, with `error` and `error_description` when one was refused, `undefined` where no challenge belongs.
 */
export function challenge(refusal: CountersignError): string | undefined {
  const { error }: ErrorEntry = errorTable[refusal.code];
  if (error !== null) return `Bearer error=${quoted(error)}, error_description=${quoted(refusal.message)}`;
  return refusal.status === 401 ? "Bearer" : undefined;
}

/** `quoted-string` of RFC 9110 §5.6.4. The texts come from the table of codes, so there is nothing to drop. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
