import { CountersignError } from "./errors.ts";
import { isJsonObject, type JsonObject } from "./strict-json.ts";

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

const textClaims = ["iss", "sub", "jti", "sid"] as const;
const timeClaims = ["exp", "nbf", "iat"] as const;

const control = /\p{Cc}/u;
/** Characters that are not seen: they make two different users look the same. */
const invisible = /[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/;
/** Characters that end or split a path segment, or start an escape in it. */
const pathSyntax = /[/\\?#%]/;

/** CS-11: the shape of Better Auth's session cookie. */
export function checkNotSessionCookie(payload: JsonObject): void {
  if (isJsonObject(payload.session) && isJsonObject(payload.user)) {
    throw new CountersignError("wrong_type");
  }
}

/** CS-12: registered claims have the type that RFC 7519 §4.1 gives them. */
export function checkClaimTypes(payload: JsonObject): Claims {
  for (const name of textClaims) {
    if (!isText(payload[name]) && Object.hasOwn(payload, name)) refuse("invalid_claim", name);
  }
  const { aud } = payload;
  if (!isText(aud) && !isTextList(aud) && Object.hasOwn(payload, "aud")) refuse("invalid_claim", "aud");
  for (const name of timeClaims) {
    if (!Number.isFinite(payload[name]) && Object.hasOwn(payload, name)) refuse("invalid_claim", name);
  }
  return payload as Claims;
}

/** CS-13: every required claim is there. The first one missing is named. */
export function checkRequiredClaims(claims: Claims, required: readonly string[]): void {
  const claim = required.find((name) => !Object.hasOwn(claims, name));
  if (claim === undefined) return;
  throw new CountersignError("missing_claim", claim === "sub" ? { claim, variant: "sub" } : { claim });
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
  for (const name of ["jti", "sid"] as const) {
    const id = claims[name];
    if (id !== undefined && (id === "" || control.test(id))) refuse("invalid_claim", name);
  }
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
  if (text === "" || text === "." || text === ".." || text !== text.trim()) return false;
  if (control.test(text) || invisible.test(text) || pathSyntax.test(text)) return false;
  return text.length <= maxSubjectCharacters || [...text].length <= maxSubjectCharacters;
}

function refuse(code: CountersignError["code"], claim: string): never {
  throw new CountersignError(code, { claim });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}
