import type { RefusalName } from "./refusals.ts";

interface EventBase {
  /** Seconds since 1970. */
  readonly at: number;
  /** `X-Request-Id` of the request, when it is 8–64 letters, digits, `_` or `-`. */
  readonly requestId?: string;
}

/** A token was made. Nothing in it is secret: `tokenId` and `keyId` name the token and the key, and are neither. */
export interface TokenIssuedEvent extends EventBase {
  readonly name: "watchword.token.issued";
  readonly userId: string;
  readonly sessionId: string;
  /** `jti` of the token. */
  readonly tokenId: string;
  /** `kid` of the key that signed it. */
  readonly keyId: string;
  /** Absent where the token has none. */
  readonly audience?: string;
  /** `exp` of the token: seconds since 1970. */
  readonly expiresAt: number;
  /** The administrator who acts as the user. */
  readonly actorId?: string;
}

/** A token was asked for and refused. */
export interface TokenRefusedEvent extends EventBase {
  readonly name: "watchword.token.refused";
  readonly code: RefusalName;
  /** The claim that was at fault, for `INVALID_CLAIMS`. */
  readonly claim?: string;
}

/** Somebody has signed in, or an administrator acts as a user. */
export interface SessionStartedEvent extends EventBase {
  readonly name: "watchword.session.started";
  readonly sessionId: string;
  readonly userId: string;
}

/**
 * A session was deleted: signed out, ended from another device, expired, or gone with its account. Told with and without the
 * revocation feed, by Better Auth's own hook: it sees at most 100 sessions of one deletion, and none that are kept in
 * `secondaryStorage` alone.
 */
export interface SessionEndedEvent extends EventBase {
  readonly name: "watchword.session.ended";
  readonly sessionId: string;
  readonly userId: string;
}

/** A sign-in was refused. Whose it was is not told: the sender's word is no fact. */
export interface SignInRefusedEvent extends EventBase {
  readonly name: "watchword.sign_in.refused";
  /** Better Auth's code, such as `INVALID_EMAIL_OR_PASSWORD`. */
  readonly code: string;
}

/** The revocation feed tells that a session has ended, and its tokens with it. */
export interface SessionRevokedEvent extends EventBase {
  readonly name: "watchword.session.revoked";
  readonly sessionId: string;
  readonly userId: string;
}

/** Why every token of a user up to now was revoked. */
export type UserRevocationReason =
  | "sessions_ended"
  | "session_shortened"
  | "password_changed"
  | "user_changed"
  | "membership_changed"
  | "banned"
  | "deleted";

/** The revocation feed tells that every token of a user up to now has ended. */
export interface UserRevokedEvent extends EventBase {
  readonly name: "watchword.user.revoked";
  readonly userId: string;
  readonly reason: UserRevocationReason;
}

/** A new key of the public-key mode was made. */
export interface KeyRotatedEvent extends EventBase {
  readonly name: "watchword.key.rotated";
  readonly keyId: string;
  readonly algorithm: string;
  readonly reason: "first" | "scheduled" | "forced" | "compromised" | "unusable";
  /** From when on it signs: seconds since 1970. */
  readonly signsFrom: number;
}

/** A stored key cannot be decrypted with Better Auth's secrets; another takes its place. */
export interface KeyUnusableEvent extends EventBase {
  readonly name: "watchword.key.unusable";
  readonly keyId: string;
  readonly algorithm: string;
}

/** What `onEvent` is given: the events of `contract/events.json` whose side is the issuer. */
export type AuditEvent =
  | TokenIssuedEvent
  | TokenRefusedEvent
  | SessionStartedEvent
  | SessionEndedEvent
  | SignInRefusedEvent
  | SessionRevokedEvent
  | UserRevokedEvent
  | KeyRotatedEvent
  | KeyUnusableEvent;

/** Another name of {@link AuditEvent}. */
export type TokenEvent = AuditEvent;

/** An event before the time and the request are known. */
export type EventBody<Event = AuditEvent> = Event extends AuditEvent
  ? Omit<Event, "at" | "requestId">
  : never;

/** Where events go. */
export type Report = (body: EventBody, headers?: Headers) => void;

/**
 * Hands an event on without waiting for it.
 *
 * @param onFailure called when the handler throws or rejects; nothing of the error is passed on
 */
export function emit(
  onEvent: (event: AuditEvent) => void | Promise<void>,
  event: AuditEvent,
  onFailure: () => void,
): void {
  // An async function, so that a throw and a rejection end in the same place.
  const handled = (async () => onEvent(Object.freeze(event)))();
  handled.catch(onFailure);
}
