import type { JsonObject } from "../encoding/strict-json.ts";
import { WatchwordError } from "../errors.ts";
import { audienceOf, type Claims } from "./claims.ts";

/**
 * Who is calling, as a verified token says it. Frozen at every level.
 *
 * @typeParam C the claims: as sent, or what the verifier's `claims` schema makes of them.
 */
export interface Identity<C = JsonObject> {
  /** `sub`: the user's id, byte for byte as issued. */
  readonly userId: string;
  /** `sid`: the id of the Better Auth session behind the token. */
  readonly sessionId?: string;
  /** `jti`: the id of this token. */
  readonly tokenId?: string;
  readonly email?: string;
  readonly name?: string;
  /** `role` as sent. */
  readonly role?: string;
  /** The roles of `role`, a comma-separated list as Better Auth's admin plugin writes it, and of `roles`; empty without. */
  readonly roles: readonly string[];
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
  /**
   * Every claim as sent, own claims included: their types are not checked beyond the registered ones. With a `claims`
   * schema it is the schema's output instead.
   */
  readonly claims: C;
}

/** The identity in claims that every check has passed. An optional claim of another JSON type is left out. */
export function identityOf(claims: Claims): Identity {
  const { sub, iat, exp, sid, jti, iss, email, name, role } = claims;
  if (sub === undefined || iat === undefined || exp === undefined) throw new WatchwordError("missing_claim");
  const identity: Writable<Identity> = {
    userId: sub,
    roles: rolesOf(claims),
    scopes: scopesOf(claims.scope),
    audience: Object.freeze(audienceOf(claims).slice()),
    issuedAt: iat,
    expiresAt: exp,
    claims: deepFreeze<JsonObject>(claims),
  };
  if (sid !== undefined) identity.sessionId = sid;
  if (jti !== undefined) identity.tokenId = jti;
  if (iss !== undefined) identity.issuer = iss;
  if (typeof email === "string") identity.email = email;
  if (typeof name === "string") identity.name = name;
  if (typeof role === "string") identity.role = role;
  return Object.freeze(identity);
}

/** The same caller, with what a schema made of the claims. */
export function replaceClaims<C>(identity: Identity, claims: C): Identity<C> {
  return Object.freeze({ ...identity, claims: deepFreeze(claims) });
}

type Writable<T> = { -readonly [Member in keyof T]: T[Member] };

const none: readonly string[] = Object.freeze([]);

/** A role that needs no splitting and no trimming. */
const plainRole = /^[\w:.-]+$/;

/** `role` is split at commas; `roles` is one role or a list of them (RFC 9068 §2.2.3.1). Another JSON type grants nothing. */
function rolesOf({ role, roles }: Claims): readonly string[] {
  if (roles === undefined) {
    if (role === undefined) return none;
    if (typeof role === "string" && plainRole.test(role)) return Object.freeze([role]);
  }
  const named = typeof role === "string" ? role.split(",").map((one) => one.trim()) : [];
  const listed: readonly unknown[] = Array.isArray(roles) ? roles : [roles];
  const every = [...named, ...listed.filter((one) => typeof one === "string")];
  return Object.freeze([...new Set(every.filter((one) => one !== ""))]);
}

function scopesOf(scope: unknown): readonly string[] {
  return typeof scope === "string" ? Object.freeze(scope.split(" ").filter((one) => one !== "")) : none;
}

/** Plain objects and lists, all the way down; what a schema makes beyond those is its own. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  if (!Array.isArray(value) && !isPlain(value)) return value;
  Object.freeze(value);
  for (const name in value) {
    const member = value[name];
    if (typeof member === "object") deepFreeze(member);
  }
  return value;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
