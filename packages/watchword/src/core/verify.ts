import { type Algorithm, keyAlgorithmOf } from "./algorithms.ts";
import {
  type Claims,
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
import { verifierOptionsFromEnvironment } from "./environment.ts";
import { WatchwordError } from "./errors.ts";
import { checkAlgorithm, checkCritical, checkType, readKeyId } from "./header.ts";
import { type Identity, identityOf, replaceClaims } from "./identity.ts";
import { readHeader, readPayload, type Segments, splitSegments } from "./jws.ts";
import type { VerificationKey } from "./key-set.ts";
import type { KeySetStatus } from "./key-set-events.ts";
import type { CheckedHeader } from "./known-headers.ts";
import { checkOwnClaims } from "./own-claims.ts";
import { checkOptions, type Policy } from "./policy.ts";
import { describeMismatch, rejectEvent } from "./reject-event.ts";
import { checkNotRevoked, type RevocationMode } from "./revocation.ts";
import { createRevocationFeed, type RevocationFeed } from "./revocation-feed.ts";
import { feedOptionsFromEnvironment } from "./revocation-settings.ts";
import { checkSignature } from "./signature.ts";
import type { JsonObject } from "./strict-json.ts";
import type { VerifierOptions } from "./verifier-options.ts";

/**
 * Turns tokens into identities, without a network call (but for keys published at an address, when they are not at hand).
 *
 * @typeParam C what `identity.claims` is.
 */
export interface Verifier<C = JsonObject> {
  /**
   * @param token one compact JWS, without scheme or white space.
   * @throws WatchwordError for every token that is not accepted; nothing else.
   */
  verify(token: string, options?: VerifyOptions): Promise<Identity<C>>;
  /**
   * As `verify`, but what is known at once is returned, or thrown, at once: a promise only where keys have to be fetched
   * or a schema takes its time.
   */
  verifyNow?(token: string, options?: VerifyOptions): Identity<C> | Promise<Identity<C>>;
  /**
   * The identity of a token that this verifier has accepted before and accepts now (CS-23); `undefined` says nothing about
   * a token. Saves reading the syntax of a credential whose token is known.
   *
   * @throws WatchwordError for a known token that has been revoked since.
   */
  getCached?(token: string, options?: VerifyOptions): Identity<C> | undefined;
  /** Whether it asks a source of revocations, where the call does not say otherwise. */
  readonly revocation?: RevocationMode;
}

/** What {@link createVerifier} makes. */
export interface ClosableVerifier<C = JsonObject> extends Verifier<C> {
  /** How the public keys are doing: those of `jwksUrl` as they were last fetched, those that were given always `fresh`. */
  status(): KeySetStatus;
  /** Ends the revocation feed that it follows because the environment names one; changes nothing otherwise. */
  close(): Promise<void>;
}

/** How one token is looked at. */
export interface VerifyOptions {
  /** `none`: not refused as revoked, nor because that is unknown. Default: what the verifier does. */
  readonly revocation?: RevocationMode | undefined;
}

/**
 * Makes a verifier, once per process. Without options it reads `process.env`, and follows the revocation feed that
 * `REVOCATION=feed` names until it is closed.
 *
 * It does not compare the token with the user in the URL (`requireSelf` does). Without `revocation` it does not ask
 * whether the session still exists: a token is good until it expires.
 *
 * @throws ConfigurationError for options, or settings of the environment, that cannot be right.
 * @example
 * const verifier = createVerifier();
 * const { userId } = await verifier.verify(token);
 */
export function createVerifier(): ClosableVerifier;
export function createVerifier<C = JsonObject>(options: VerifierOptions<C>): ClosableVerifier<C>;
export function createVerifier<C>(options?: VerifierOptions<C>): ClosableVerifier<C> {
  const feed = options === undefined ? environmentFeed() : undefined;
  const environment = () => ({ ...verifierOptionsFromEnvironment(), revocation: feed }) as VerifierOptions<C>;
  const policy = checkOptions<C>(options ?? environment());
  // Once all settings are known to be right: what is thrown above leaves nothing running.
  feed?.start();
  function verifyNow(token: string, options?: VerifyOptions): Identity<C> | Promise<Identity<C>> {
    try {
      const identity = checkToken(token, policy);
      const checked =
        identity instanceof Promise
          ? identity.then((known) => afterPreparation(known, policy, options))
          : afterPreparation(identity, policy, options);
      if (!(checked instanceof Promise)) return checked;
      return checked.catch((error) => {
        throw toRefusal(error, token, policy);
      });
    } catch (error) {
      throw toRefusal(error, token, policy);
    }
  }
  return Object.freeze({
    verifyNow,
    getCached(token: string, options?: VerifyOptions): Identity<C> | undefined {
      try {
        const identity = knownIdentity(token, policy);
        // `verify` asks the schema again, and waits for it.
        if (identity instanceof Promise) identity.catch(() => {});
        else if (identity !== undefined && preparation(policy, options) === undefined)
          return checkRevocation(identity, policy, options);
        return undefined;
      } catch (error) {
        throw toRefusal(error, token, policy);
      }
    },
    async verify(token: string, options?: VerifyOptions): Promise<Identity<C>> {
      return verifyNow(token, options);
    },
    revocation: policy.revocation === undefined ? "none" : "feed",
    status: () => policy.keys.status(),
    async close(): Promise<void> {
      await feed?.close();
    },
  });
}

/** The feed that the environment names. */
function environmentFeed(): RevocationFeed | undefined {
  const options = feedOptionsFromEnvironment();
  return options && createRevocationFeed(options);
}

/** The recipe, in the order of the contract's clauses, unless the very token is known already. */
function checkToken<C>(token: string, policy: Policy<C>): Identity<C> | Promise<Identity<C>> {
  checkSize(token, policy.maxTokenBytes);
  const known = knownIdentity(token, policy);
  if (known !== undefined) return known;
  const segments = splitSegments(token);
  const header = policy.knownHeaders.find(segments.header) ?? checkHeader(segments, policy);
  const key = policy.keys.find(keyAlgorithmOf(header.algorithm), header.kid);
  if (!(key instanceof Promise)) return checkSigned(token, segments, header, key, policy);
  return key.then((fetched) => checkSigned(token, segments, header, fetched, policy));
}

/** The header's part of the recipe. */
function checkHeader<C>(segments: Segments, policy: Policy<C>): CheckedHeader {
  const header = readHeader(segments, policy.maxJsonDepth);
  const algorithm = checkAlgorithm(header, policy.algorithms);
  checkCritical(header);
  const kid = readKeyId(header);
  checkType(header, acceptedTypes(algorithm, policy));
  return { algorithm, kid };
}

/** The recipe from the signature on. */
function checkSigned<C>(
  token: string,
  segments: Segments,
  header: CheckedHeader,
  key: VerificationKey,
  policy: Policy<C>,
): Identity<C> | Promise<Identity<C>> {
  checkSignature(segments, key);
  policy.knownHeaders.remember(segments.header, header);
  const payload = readPayload(segments, policy.maxJsonDepth);
  checkNotSessionCookie(payload);
  const claims = checkClaimTypes(payload);
  checkRequiredClaims(claims, policy.requiredClaims);
  checkTimes(claims, policy.clock.now(), policy);
  checkIssuer(claims, policy.issuers);
  checkAudience(claims, key.audience ?? policy.audience);
  checkSubject(claims);
  checkTokenAndSessionIds(claims);
  checkUnbound(claims);
  return withOwnClaims(remembered(token, claims, policy), policy);
}

/** CS-20, for every request anew: what a schema makes can be changed by whoever is given it. */
function withOwnClaims<C>(identity: Identity, { claims }: Policy<C>): Identity<C> | Promise<Identity<C>> {
  if (claims === undefined) return identity as Identity<unknown> as Identity<C>;
  const own = checkOwnClaims(identity.claims, claims);
  if (own instanceof Promise) return own.then((output) => replaceClaims(identity, output));
  return replaceClaims(identity, own);
}

/** CS-2: the size, before any work is done on the text. */
function checkSize(token: unknown, maxTokenBytes: number): void {
  if (typeof token !== "string") throw new WatchwordError("malformed");
  // A character of a JavaScript text is at most three bytes of UTF-8.
  if (token.length * 3 <= maxTokenBytes) return;
  if (token.length > maxTokenBytes || Buffer.byteLength(token) > maxTokenBytes) {
    throw new WatchwordError("too_large");
  }
}

function acceptedTypes(algorithm: Algorithm, { acceptedTypes }: Policy<unknown>): readonly (string | null)[] {
  return algorithm === "HS256" ? acceptedTypes.shared : acceptedTypes.published;
}

/** CS-23: a token that was accepted before, while its keys are the same and its times still hold. */
function knownIdentity<C>(token: string, policy: Policy<C>): Identity<C> | Promise<Identity<C>> | undefined {
  const entry = policy.cache?.get(token);
  if (entry === undefined || entry.keyGeneration !== policy.keys.generation || !policy.keys.isFresh()) {
    return undefined;
  }
  const now = policy.clock.now();
  const { clockToleranceSeconds } = policy;
  const holds =
    now < entry.identity.expiresAt + clockToleranceSeconds && entry.validFrom <= now + clockToleranceSeconds;
  return holds ? withOwnClaims(entry.identity, policy) : undefined;
}

/** The identity, which the next request with the same token need not work out again. */
function remembered<C>(token: string, claims: Claims, policy: Policy<C>): Identity {
  const identity = identityOf(claims);
  const validFrom = Math.max(identity.issuedAt, claims.nbf ?? identity.issuedAt);
  policy.cache?.set({ token, identity, validFrom, keyGeneration: policy.keys.generation });
  return identity;
}

/** What the source of revocations needs before it can answer, if anything. */
function preparation(
  { revocation }: Policy<unknown>,
  options: VerifyOptions | undefined,
): Promise<void> | undefined {
  return options?.revocation === "none" ? undefined : revocation?.prepare?.();
}

function afterPreparation<C>(
  identity: Identity<C>,
  policy: Policy<C>,
  options: VerifyOptions | undefined,
): Identity<C> | Promise<Identity<C>> {
  const prepared = preparation(policy, options);
  if (prepared === undefined) return checkRevocation(identity, policy, options);
  return prepared.then(() => checkRevocation(identity, policy, options));
}

function checkRevocation<C>(
  identity: Identity<C>,
  { revocation }: Policy<C>,
  options: VerifyOptions | undefined,
): Identity<C> {
  checkNotRevoked(identity, revocation, options?.revocation);
  return identity;
}

/** Tells the operator. A fault of this process, such as a clock that throws, refuses the token too. */
function toRefusal<C>(error: unknown, token: unknown, policy: Policy<C>): WatchwordError {
  const refusal =
    error instanceof WatchwordError ? error : new WatchwordError("internal_error", { cause: error });
  Object.assign(refusal, describeMismatch(refusal, token, policy));
  try {
    policy.onReject?.(rejectEvent(refusal, token, policy.clock));
  } catch {
    // The verdict stands, whatever the listener does.
  }
  return refusal;
}
