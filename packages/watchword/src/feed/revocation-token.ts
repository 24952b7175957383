import { hkdfSync, randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import { signHs256 } from "../token/jws.ts";

/** What opens the revocation feed, and nothing else. Held against `contract/defaults.json`. */
export const feedToken = {
  info: "watchword/revocation-feed/v1",
  type: "watchword-feed+jwt",
  audience: "watchword:revocation-feed",
  subject: "verifier",
  ttlSeconds: 60,
} as const;

const keyBytes = 32;

/**
 * CS-24: the key that opens the revocation feed, a subkey of the one that signs API tokens, so that neither stands for the
 * other: HKDF-SHA-256 (RFC 5869) over the text's UTF-8 bytes, empty salt.
 *
 * @param key the text of an API key (`WATCHWORD_KEY`, or `deriveKey(BETTER_AUTH_SECRET)`), or `WATCHWORD_FEED_SECRET`.
 * @returns 43 characters of base64url; their ASCII bytes are the HMAC key.
 */
export function deriveFeedKey(key: string): string {
  const bytes = hkdfSync("sha256", Buffer.from(key, "utf8"), "", feedToken.info, keyBytes);
  return Buffer.from(bytes).toString("base64url");
}

/** How to make a feed token. */
export interface FeedTokenOptions {
  /** What {@link deriveFeedKey} gave. */
  readonly feedKey: string;
  /** The issuer's `iss`, as in API tokens. */
  readonly issuer: string;
  readonly clock: Clock;
}

/** CS-24: a token for one request to the feed. */
export function signFeedToken({ feedKey, issuer, clock }: FeedTokenOptions): string {
  const issuedAt = Math.floor(clock.now());
  return signHs256({
    key: feedKey,
    header: { typ: feedToken.type },
    payload: {
      iss: issuer,
      aud: feedToken.audience,
      sub: feedToken.subject,
      iat: issuedAt,
      exp: issuedAt + feedToken.ttlSeconds,
      jti: randomUUID(),
    },
  });
}
