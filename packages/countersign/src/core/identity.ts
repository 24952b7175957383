import { audienceOf, type Claims } from "./claims.ts";
import { CountersignError } from "./errors.ts";
import type { JsonObject } from "./strict-json.ts";

/** Who is calling, as a verified token says it. Frozen at every level. */
export interface Identity {
  /** `sub`: the user's id, byte for byte as issued. */
  readonly userId: string;
  /** `sid`: the id of the Better Auth session behind the token. */
  readonly sessionId?: string;
  /** `jti`: the id of this token. */
  readonly tokenId?: string;
  readonly email?: string;
  readonly name?: string;
  readonly role?: string;
  /** `scope`, split at spaces (RFC 8693 §4.2); empty when the token has none. */
  readonly scopes: readonly string[];
  /** `iss`; absent only where the verifier does not demand one. */
  readonly issuer?: string;
  /** `aud` as a list. */
  readonly audience: readonly string[];
  /** `iat`, in seconds since 1970. */
  readonly issuedAt: number;
  /** `exp`, in seconds since 1970. */
  readonly expiresAt: number;
  /** Every claim as sent, own claims included. Their types are not checked beyond the registered ones. */
  readonly claims: JsonObject;
}

/** The identity in claims that every check has passed. An optional claim of another JSON type is left out. */
export function identityOf(claims: Claims): Identity {
  const { sub, iat, exp, sid, jti, iss } = claims;
  if (sub === undefined || iat === undefined || exp === undefined)
    throw new CountersignError("missing_claim");
  return deepFreeze({
    userId: sub,
    ...(sid !== undefined && { sessionId: sid }),
    ...(jti !== undefined && { tokenId: jti }),
    ...(iss !== undefined && { issuer: iss }),
    ...(typeof claims.email === "string" && { email: claims.email }),
    ...(typeof claims.name === "string" && { name: claims.name }),
    ...(typeof claims.role === "string" && { role: claims.role }),
    scopes: scopesOf(claims.scope),
    audience: [...audienceOf(claims)],
    issuedAt: iat,
    expiresAt: exp,
    claims,
  });
}

function scopesOf(scope: unknown): string[] {
  return typeof scope === "string" ? scope.split(" ").filter((one) => one !== "") : [];
}

/** The depth is bounded by the reader of the payload. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) deepFreeze(member);
  return Object.freeze(value);
}
