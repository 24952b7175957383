import type { JsonObject } from "../encoding/strict-json.ts";
import { WatchwordError } from "../errors.ts";
import { type Algorithm, keyAlgorithmOf } from "../keys/algorithms.ts";
import type { VerificationKey } from "../keys/key-set.ts";
import type { KeySetStatus } from "../keys/key-set-events.ts";
import { type Claims, checkClaims } from "./claims.ts";
import { checkAlgorithm, checkCritical, checkType, readKeyId } from "./header.ts";
import { type Identity, identityOf } from "./identity.ts";
import { readHeader, readPayload, type Segments, splitSegments } from "./jws.ts";
import type { CheckedHeader } from "./known-headers.ts";
import { withOwnClaims } from "./own-claims.ts";
import type { Policy } from "./policy.ts";
import { describeMismatch, rejectEvent } from "./reject-event.ts";
import { checkNotRevoked, type RevocationMode } from "./revocation.ts";
import { checkSignature } from "./signature.ts";

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
 * The verifier of options that were checked.
 *
 * @param close ends what was started with it.
 */
export function verifierOf<C>(policy: Policy<C>, close: () => Promise<void>): ClosableVerifier<C> {
  return Object.freeze({
    async verify(token: string, options?: VerifyOptions): Promise<Identity<C>> {
      try {
        checkSize(token, policy.maxTokenBytes);
        let verified = getCached(token, policy);
        if (verified === undefined) {
          const opened = openToken(token, policy);
          // Waiting for what is at hand would cost as much as the signature.
          const key = opened.key instanceof Promise ? await opened.key : opened.key;
          verified = checkOpened(opened, key, policy);
        }
        const identity = policy.claims
          ? await withOwnClaims(verified, policy.claims)
          : (verified as Identity<C>);
        const prepared = options?.revocation === "none" ? undefined : policy.revocation?.prepare?.();
        if (prepared !== undefined) await prepared;
        checkNotRevoked(identity, policy.revocation, options?.revocation);
        return identity;
      } catch (error) {
        throw toRefusal(error, token, policy);
      }
    },
    revocation: policy.revocation === undefined ? "none" : "feed",
    status: () => policy.keys.status(),
    close,
  });
}

/** A token whose header has passed, and the key that it names. */
interface OpenedToken {
  readonly token: string;
  readonly segments: Segments;
  readonly header: CheckedHeader;
  readonly key: VerificationKey | Promise<VerificationKey>;
}

/** CS-3 to CS-8, in the order of the contract's clauses. */
function openToken(token: string, policy: Policy<unknown>): OpenedToken {
  const segments = splitSegments(token);
  const header = policy.knownHeaders.find(segments.header) ?? checkHeader(segments, policy);
  return { token, segments, header, key: policy.keys.find(keyAlgorithmOf(header.algorithm), header.kid) };
}

/** CS-9 to CS-18. */
function checkOpened(
  { token, segments, header }: OpenedToken,
  key: VerificationKey,
  policy: Policy<unknown>,
): Identity {
  checkSignature(segments, key);
  policy.knownHeaders.remember(segments.header, header);
  const payload = readPayload(segments, policy.maxJsonDepth);
  const claims = checkClaims(payload, key.audience ?? policy.audience, policy);
  return rememberToken(token, claims, policy);
}

/** The header's part of the recipe. */
function checkHeader(segments: Segments, policy: Policy<unknown>): CheckedHeader {
  const header = readHeader(segments, policy.maxJsonDepth);
  const algorithm = checkAlgorithm(header, policy.algorithms);
  checkCritical(header);
  const kid = readKeyId(header);
  checkType(header, acceptedTypes(algorithm, policy));
  return { algorithm, kid };
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
function getCached(token: string, policy: Policy<unknown>): Identity | undefined {
  const entry = policy.cache?.get(token);
  if (entry === undefined || entry.keyGeneration !== policy.keys.generation || !policy.keys.isFresh()) {
    return undefined;
  }
  const now = policy.clock.now();
  const { clockToleranceSeconds } = policy;
  const holds =
    now < entry.identity.expiresAt + clockToleranceSeconds && entry.validFrom <= now + clockToleranceSeconds;
  return holds ? entry.identity : undefined;
}

function rememberToken(token: string, claims: Claims, policy: Policy<unknown>): Identity {
  const identity = identityOf(claims);
  const validFrom = Math.max(identity.issuedAt, claims.nbf ?? identity.issuedAt);
  policy.cache?.set({ token, identity, validFrom, keyGeneration: policy.keys.generation });
  return identity;
}

/** Tells the operator. A fault of this process, such as a clock that throws, refuses the token too. */
function toRefusal(error: unknown, token: unknown, policy: Policy<unknown>): WatchwordError {
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
