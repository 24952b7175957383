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

/**
 * Pages that are not in a secure context have `getRandomValues` alone, and React Native has neither. The id names a request in
 * a log and protects nothing, so that it need not be hard to guess.
 */
function newRequestId(): string {
  const crypto: Partial<Crypto> | undefined = globalThis.crypto;
  if (typeof crypto?.randomUUID === "function") return crypto.randomUUID();
  const bytes = new Uint8Array(16).map(() => Math.floor(Math.random() * 256));
  if (typeof crypto?.getRandomValues === "function") crypto.getRandomValues(bytes);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
