/** What may stand in a log as it is (`contract/defaults.json`, `request_id_characters`). */
const form = /^[A-Za-z0-9_-]{8,64}$/;

/** The header that carries one id through everything that one action asks for. */
export const requestIdHeader = "x-request-id";

/** @returns the `X-Request-Id` of a request, when it is 8–64 letters, digits, `_` or `-` */
export function requestIdOf(headers: Headers | undefined): string | undefined {
  const value = headers?.get(requestIdHeader);
  return value && form.test(value) ? value : undefined;
}

/**
 * The id of a request: the sender's, when it is harmless in a log (8–64 letters, digits, `_` or `-`), otherwise a new one.
 *
 * @param given the value of `X-Request-Id`
 */
export function requestIdFrom(given: string | null | undefined): string {
  return given && form.test(given) ? given : newRequestId();
}

/** Pages that are not in a secure context have `getRandomValues` alone. */
function newRequestId(): string {
  const { crypto } = globalThis;
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
