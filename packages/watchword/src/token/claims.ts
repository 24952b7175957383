import type { Clock } from "../clock.ts";
import { isJsonObject, type JsonObject } from "../encoding/strict-json.ts";
import { WatchwordError } from "../errors.ts";

/** Claims whose types have been checked (CS-12). Times are NumericDates: seconds since 1970 (RFC 7519 §2). */
export interface Claims extends JsonObject {
  readonly iss?: string;
  readonly aud?: string | readonly string[];
  readonly sub?: string;
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
  readonly jti?: string;
  readonly sid?: string;
}

/** The audience of Better Auth's own session cookie, which is never an API token. */
const sessionCacheAudience = "better-auth:session-cache";
const maxSubjectCharacters = 255;

/** What issuers use as ids: none of the rules below forbids any of it, and one look is enough. */
const plainId = /^[\w-]+$/;
const control = /\p{Cc}/u;
/** Characters that are not seen: they make two different users look the same. */
const invisible = /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/;
/** Characters that end or split a path segment, or start an escape in it. */
const pathSyntax = /[/\\?#%]/;

/** What {@link checkClaims} compares with. */
export interface ClaimRules extends TimeRules {
  readonly requiredClaims: readonly string[];
  /** `null` accepts every issuer. */
  readonly issuers: readonly string[] | null;
  readonly clock: Clock;
}

/**
 * CS-11 to CS-18, in this order: the verifier's part of the recipe from the payload on, and the issuer's own check.
 *
 * @param audience `null` accepts every audience.
 * @throws WatchwordError for the first claim that is refused
 */
export function checkClaims(
  payload: JsonObject,
  audience: readonly string[] | null,
  rules: ClaimRules,
): Claims {
  checkNotSessionCookie(payload);
  const claims = checkClaimTypes(payload);
  checkRequiredClaims(claims, rules.requiredClaims);
  checkTimes(claims, rules.clock.now(), rules);
  checkIssuer(claims, rules.issuers);
  checkAudience(claims, audience);
  checkSubject(claims);
  checkTokenAndSessionIds(claims);
  checkUnbound(claims);
  return claims;
}

/** CS-11: the shape of Better Auth's session cookie. */
export function checkNotSessionCookie(payload: JsonObject): void {
  if (isJsonObject(payload.session) && isJsonObject(payload.user)) {
    throw new WatchwordError("wrong_type");
  }
}

/** CS-12: registered claims have the type that RFC 7519 §4.1 gives them. */
export function checkClaimTypes(payload: JsonObject): Claims {
  // Each member is read by its name as written: a loop over names costs a look-up for each of them.
  const { iss, sub, jti, sid, aud, exp, nbf, iat } = payload;
  if (!isText(iss)) checkAbsent(payload, "iss");
  if (!isText(sub)) checkAbsent(payload, "sub");
  if (!isText(jti)) checkAbsent(payload, "jti");
  if (!isText(sid)) checkAbsent(payload, "sid");
  if (!isText(aud) && !isTextList(aud)) checkAbsent(payload, "aud");
  if (!Number.isFinite(exp)) checkAbsent(payload, "exp");
  if (!Number.isFinite(nbf)) checkAbsent(payload, "nbf");
  if (!Number.isFinite(iat)) checkAbsent(payload, "iat");
  return payload as Claims;
}

/** A claim that has not its type is refused, unless it is not there. */
function checkAbsent(payload: JsonObject, name: string): void {
  if (Object.hasOwn(payload, name)) refuse("invalid_claim", name);
}

/** CS-13: every required claim is there. The first one missing is named. */
export function checkRequiredClaims(claims: Claims, required: readonly string[]): void {
  const claim = required.find((name) => !Object.hasOwn(claims, name));
  if (claim === undefined) return;
  throw new WatchwordError("missing_claim", claim === "sub" ? { claim, variant: "sub" } : { claim });
}

/** What {@link checkTimes} compares with, all in seconds. */
export interface TimeRules {
  readonly clockToleranceSeconds: number;
  readonly maxLifetimeSeconds: number;
}

/** CS-14: `exp`, `nbf`, `iat` (RFC 7519 §4.1.4–4.1.6) in that order, as real numbers. */
export function checkTimes(claims: Claims, nowSeconds: number, rules: TimeRules): void {
  const { exp = Number.NEGATIVE_INFINITY, nbf, iat = 0 } = claims;
  const latestStart = nowSeconds + rules.clockToleranceSeconds;
  if (!(nowSeconds < exp + rules.clockToleranceSeconds)) refuse("expired", "exp");
  if (nbf !== undefined && !(nbf <= latestStart)) refuse("not_yet_valid", "nbf");
  if (!(iat <= latestStart)) refuse("not_yet_valid", "iat");
  if (!(iat < exp && exp - iat <= rules.maxLifetimeSeconds)) refuse("invalid_claim", "exp");
}

/** CS-15: `iss` is a configured issuer; `null` switches the comparison off. */
export function checkIssuer(claims: Claims, issuers: readonly string[] | null): void {
  if (issuers !== null && (claims.iss === undefined || !issuers.includes(claims.iss)))
    refuse("wrong_issuer", "iss");
}

/** CS-16: `aud` holds a configured audience; `null` switches the comparison off. */
export function checkAudience(claims: Claims, audience: readonly string[] | null): void {
  const given = audienceOf(claims);
  if (audience !== null && !given.some((one) => audience.includes(one))) refuse("wrong_audience", "aud");
  if (given.includes(sessionCacheAudience)) refuse("wrong_type", "aud");
}

/** CS-17: `sub` can name a user in a path segment, and looks like no other user. */
export function checkSubject(claims: Claims): void {
  if (claims.sub === undefined || !isUserId(claims.sub)) refuse("invalid_claim", "sub");
}

/** CS-17: `jti` and `sid` can be looked up and logged. */
export function checkTokenAndSessionIds(claims: Claims): void {
  if (!isId(claims.jti)) refuse("invalid_claim", "jti");
  if (!isId(claims.sid)) refuse("invalid_claim", "sid");
}

function isId(id: string | undefined): boolean {
  return id === undefined || plainId.test(id) || (id !== "" && !control.test(id));
}

/** CS-18: a token bound to a key is no bearer token (RFC 7800 §3.1, RFC 9449 §7.1). */
export function checkUnbound(claims: Claims): void {
  if (Object.hasOwn(claims, "cnf")) refuse("sender_constrained", "cnf");
}

/** `aud` as a list. */
export function audienceOf(claims: Claims): readonly string[] {
  if (claims.aud === undefined) return [];
  return typeof claims.aud === "string" ? [claims.aud] : claims.aud;
}

/** Whether a text can be a user id: 1–255 code points, no white space around, nothing invisible, one path segment. */
export function isUserId(text: string): boolean {
  if (plainId.test(text)) return text.length <= maxSubjectCharacters;
  if (text === "" || text === "." || text === ".." || text !== text.trim()) return false;
  if (control.test(text) || invisible.test(text) || pathSyntax.test(text)) return false;
  return text.length <= maxSubjectCharacters || [...text].length <= maxSubjectCharacters;
}

function refuse(code: WatchwordError["code"], claim: string): never {
  throw new WatchwordError(code, { claim });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}
