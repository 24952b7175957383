import { ConfigurationError, WatchwordError } from "../errors.ts";

/** What a revocation can name: a token, a session, or a user up to a moment. Never the token's text, which can vary. */
export interface RevocationSubject {
  /** `jti` */
  readonly tokenId?: string;
  /** `sid` */
  readonly sessionId?: string;
  /** `sub` */
  readonly userId: string;
  /** `iat`, in seconds since 1970. A user mark revokes every token issued at or before it. */
  readonly issuedAt: number;
}

/** Knows what was revoked. It is asked on every request, also when the token itself is known already. */
export interface RevocationSource {
  /** Answers at once, from memory. When it throws, the token is refused with `unavailable`. */
  isRevoked(identity: RevocationSubject): boolean;
  /**
   * Asked before `isRevoked`: something to wait for where that can make the source able to answer. It never rejects, and
   * it ends in good time: a request waits for it.
   */
  prepare?(): Promise<void> | undefined;
  /** Claims without which a token could not be found here: a verifier with this source demands them. */
  readonly requiredClaims?: readonly string[];
}

/** Whether it is asked what was revoked. `none`: a revoked token passes until it expires. */
export type RevocationMode = "none" | "feed";

/** CS-21: neither the token nor its session nor its user's tokens up to now have been revoked. */
export function checkNotRevoked(
  identity: RevocationSubject,
  source: RevocationSource | undefined,
  use?: RevocationMode,
): void {
  if (use === "none") return;
  if (source === undefined) {
    if (use === undefined) return;
    throw new ConfigurationError("A verifier without a source of revocations cannot ask one.");
  }
  let revoked: boolean;
  try {
    revoked = source.isRevoked(identity);
  } catch (cause) {
    throw new WatchwordError("unavailable", { variant: "revocations", cause });
  }
  if (revoked !== false) throw new WatchwordError("revoked");
}
