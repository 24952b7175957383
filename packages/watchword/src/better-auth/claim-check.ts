import {
  checkAudience,
  checkClaimTypes,
  checkIssuer,
  checkNotSessionCookie,
  checkRequiredClaims,
  checkSubject,
  checkTimes,
  checkTokenAndSessionIds,
  checkUnbound,
} from "../core/claims.ts";
import { checkOptions } from "../core/policy.ts";
import type { JsonObject } from "../core/strict-json.ts";
import type { VerifierOptions } from "../core/verifier-options.ts";

/** Looks at the claims of one token: throws the WatchwordError of the verifier that would refuse them. */
export type ClaimCheck = (claims: JsonObject) => void;

/**
 * The verifier's recipe from the payload on, for claims that need no reading because they were written here: a third of
 * the work of verifying the token that holds them.
 */
export function claimCheck(options: VerifierOptions): ClaimCheck {
  const { requiredClaims, issuers, audience, clock, ...rules } = checkOptions(options);
  return (payload) => {
    checkNotSessionCookie(payload);
    const claims = checkClaimTypes(payload);
    checkRequiredClaims(claims, requiredClaims);
    checkTimes(claims, clock.now(), rules);
    checkIssuer(claims, issuers);
    checkAudience(claims, audience);
    checkSubject(claims);
    checkTokenAndSessionIds(claims);
    checkUnbound(claims);
  };
}

/** Half of a character: JSON that holds one is refused (RFC 8259 §8.2). */
const half = /\p{Surrogate}/u;

/**
 * The claims as a verifier reads them, where their text is beyond doubt: every value a text, a finite number or a truth
 * value. `undefined` for others, such as a nested value: what they become has to be read.
 */
export function plainClaims(claims: Readonly<Record<string, unknown>>): JsonObject | undefined {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(claims)) {
    if (value === undefined) continue;
    if (name === "__proto__" || half.test(name) || !isPlain(value)) return undefined;
    plain[name] = value;
  }
  return plain;
}

function isPlain(value: unknown): boolean {
  if (typeof value === "string") return !half.test(value);
  return typeof value === "boolean" || Number.isFinite(value);
}
