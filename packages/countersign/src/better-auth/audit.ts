import type { RefusalName } from "./refusals.ts";

/** A token was made. Nothing in it is secret: `tokenId` and `keyId` name the token and the key, and are neither. */
export interface TokenIssuedEvent {
  readonly name: "countersign.token.issued";
  /** Seconds since 1970. */
  readonly at: number;
  readonly userId: string;
  readonly sessionId: string;
  /** `jti` of the token. */
  readonly tokenId: string;
  /** `kid` of the key that signed it. */
  readonly keyId: string;
  readonly audience: string;
  /** `exp` of the token: seconds since 1970. */
  readonly expiresAt: number;
  /** `X-Request-Id` of the request, when it is 8–64 letters, digits, `_` or `-`. */
  readonly requestId?: string;
}

/** A token was asked for and refused. */
export interface TokenRefusedEvent {
  readonly name: "countersign.token.refused";
  /** Seconds since 1970. */
  readonly at: number;
  readonly code: RefusalName;
  /** The claim that was at fault, for `INVALID_CLAIMS`. */
  readonly claim?: string;
  readonly requestId?: string;
}

/** What `onEvent` is given. */
export type TokenEvent = TokenIssuedEvent | TokenRefusedEvent;

/** The caller's request id, when it has the form that may go into a log. */
export function requestIdOf(headers: Headers | undefined): { requestId?: string } {
  const requestId = headers?.get("x-request-id");
  return requestId && /^[A-Za-z0-9_-]{8,64}$/.test(requestId) ? { requestId } : {};
}

/**
 * Hands an event on without waiting for it.
 *
 * @param onFailure called when the handler throws or rejects; nothing of the error is passed on
 */
export function emit(
  onEvent: (event: TokenEvent) => void | Promise<void>,
  event: TokenEvent,
  onFailure: () => void,
): void {
  // An async function, so that a throw and a rejection end in the same place.
  const handled = (async () => onEvent(Object.freeze(event)))();
  handled.catch(onFailure);
}
