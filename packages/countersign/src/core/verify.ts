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
} from "./claims.ts";
import { CountersignError } from "./errors.ts";
import { checkAlgorithm, checkCritical, checkType, readKeyId } from "./header.ts";
import { type Identity, identityOf } from "./identity.ts";
import { checkHs256, readSegment, splitSegments } from "./jws.ts";
import { checkOptions, type Policy, type VerifierOptions } from "./verifier-options.ts";

/** Turns tokens into identities, without a network call. */
export interface Verifier {
  /**
   * @param token one compact JWS, without scheme or white space.
   * @throws CountersignError for every token that is not accepted; nothing else.
   */
  verify(token: string): Promise<Identity>;
}

/**
 * Makes a verifier, once per process.
 *
 * It does not compare the token with the user in the URL (`requireSelf` does), and it does not ask whether the session
 * still exists: a token is good until it expires.
 *
 * @throws ConfigurationError for options that cannot be right.
 */
export function createVerifier(options: VerifierOptions): Verifier {
  const policy = checkOptions(options);
  return Object.freeze({
    async verify(token: string): Promise<Identity> {
      try {
        return check(token, policy);
      } catch (error) {
        throw reported(error, policy);
      }
    },
  });
}

/** The recipe, in the order of the contract's clauses. */
function check(token: string, policy: Policy): Identity {
  checkSize(token, policy.maxTokenBytes);
  const segments = splitSegments(token);
  const header = readSegment(segments.header, policy.maxJsonDepth);
  const algorithm = checkAlgorithm(header, policy.algorithms);
  checkCritical(header);
  const kid = readKeyId(header);
  checkType(header, policy.acceptedTypes);
  const { key } = policy.keys.find(algorithm, kid);
  checkHs256(segments, key);
  const payload = readSegment(segments.payload, policy.maxJsonDepth);
  checkNotSessionCookie(payload);
  const claims = checkClaimTypes(payload);
  checkRequiredClaims(claims, policy.requiredClaims);
  checkTimes(claims, policy.clock.now(), policy);
  checkIssuer(claims, policy.issuer);
  checkAudience(claims, policy.audience);
  checkSubject(claims);
  checkTokenAndSessionIds(claims);
  checkUnbound(claims);
  return identityOf(claims);
}

/** CS-2: the size, before any work is done on the text. */
function checkSize(token: unknown, maxTokenBytes: number): void {
  if (typeof token !== "string") throw new CountersignError("malformed");
  if (token.length > maxTokenBytes || Buffer.byteLength(token) > maxTokenBytes) {
    throw new CountersignError("too_large");
  }
}

/** Tells the operator. A fault of this process, such as a clock that throws, refuses the token too. */
function reported(error: unknown, policy: Policy): CountersignError {
  const refusal =
    error instanceof CountersignError ? error : new CountersignError("internal_error", { cause: error });
  try {
    const { code, claim } = refusal;
    policy.onReject(Object.freeze({ code, at: policy.clock.now(), ...(claim !== undefined && { claim }) }));
  } catch {
    // The verdict stands, whatever the listener does.
  }
  return refusal;
}
