import { type ErrorEntry, errorTable, type WatchwordError } from "../errors.ts";

/**
 * The `WWW-Authenticate` value of a refusal (RFC 6750 §3), and the only place that writes one: bare when no credential
 * was sent, with `error` and `error_description` when one was refused, `undefined` where no challenge belongs.
 */
export function challenge(refusal: WatchwordError): string | undefined {
  const { error }: ErrorEntry = errorTable[refusal.code];
  if (error !== null) {
    const scope = refusal.scopes === undefined ? "" : `, scope=${quoted(scopeText(refusal.scopes))}`;
    return `Bearer error=${quoted(error)}, error_description=${quoted(refusal.message)}${scope}`;
  }
  return refusal.status === 401 ? "Bearer" : undefined;
}

/** `scope` of RFC 6750 §3: tokens of RFC 6749 §3.3 between single spaces; what cannot stand in one is dropped. */
function scopeText(scopes: readonly string[]): string {
  return scopes
    .map((one) => one.replace(/[^\x21\x23-\x5b\x5d-\x7e]/g, ""))
    .filter((one) => one !== "")
    .join(" ");
}

/** `quoted-string` of RFC 9110 §5.6.4. The other texts come from the table of codes, so there is nothing to drop. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
