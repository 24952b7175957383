import { createSecretKey, type KeyObject } from "node:crypto";
import { WatchwordError } from "../errors.ts";
import type { KeyAlgorithm } from "./algorithms.ts";
import { computeKeyId } from "./keys.ts";
import type { SourceStatus } from "./source-status.ts";

/** A shared key with the `kid` that its tokens carry. */
export interface SharedKey {
  /** The key's text, at least 32 characters; its UTF-8 bytes are the HMAC key. */
  readonly key: string;
  /** Default: {@link keyId} of the key. `null`: the key has no name, only tokens without `kid` can be its. */
  readonly keyId?: string | null;
}

/** A key bound to the one algorithm it is for (RFC 8725 §3.1). */
export type VerificationKey = SharedVerificationKey | PublicVerificationKey;

/** A shared key, imported once. */
export interface SharedVerificationKey {
  readonly algorithm: "HS256";
  /** `null` for a key without a name. */
  readonly kid: string | null;
  readonly key: KeyObject;
  /** The only `aud` that a derived key may sign for; `undefined` for a key that was configured itself. */
  readonly audience?: readonly [string] | undefined;
}

/** A public key, imported once. */
export interface PublicVerificationKey {
  readonly algorithm: Exclude<KeyAlgorithm, "HS256">;
  /** `null` for a key without a name. */
  readonly kid: string | null;
  readonly key: KeyObject;
  /** The same as text (RFC 7468 §13). */
  readonly pem: string;
  readonly audience?: undefined;
}

/** The keys of one verifier. Which key is used follows from the configuration, never from the header alone. */
export interface KeySet {
  /** Grows whenever the keys change, so that nothing remembered outlives the key that vouched for it. */
  readonly generation: number;
  /** Whether the keys can be trusted without asking where they come from. */
  isFresh(): boolean;
  /** How they are doing: keys that were given are always `fresh`. */
  status(): SourceStatus;
  /**
   * CS-8: the key named by `kid` among the keys of the algorithm; without `kid` the only one of its family.
   *
   * @returns a promise only where keys have to be fetched first.
   * @throws WatchwordError `unknown_key`, or `unavailable` when there are no keys to look into
   */
  find(algorithm: KeyAlgorithm, kid: string | undefined): VerificationKey | Promise<VerificationKey>;
}

/** A shared key, its text made ready once: its UTF-8 bytes are the HMAC key. */
export function sharedKey(
  { key, keyId: kid = computeKeyId(key) }: SharedKey,
  audience?: readonly [string],
): SharedVerificationKey {
  return { algorithm: "HS256", kid, key: createSecretKey(key, "utf8"), audience };
}

/** Keys that never change. */
export function createKeySet(keys: readonly VerificationKey[]): KeySet {
  return {
    generation: 0,
    isFresh: () => true,
    status: () => ({ state: "fresh", entries: keys.length, lastAnswerAt: null }),
    find(algorithm, kid) {
      const found = findKey(keys, algorithm, kid);
      if (found === undefined) throw new WatchwordError("unknown_key");
      return found;
    },
  };
}

/** Shared keys and public ones side by side: `HS256` never sees a public key, and nothing else sees a shared one. */
export function combineKeySets(shared: KeySet, published: KeySet): KeySet {
  return {
    get generation() {
      return published.generation;
    },
    isFresh: () => published.isFresh(),
    status: () => published.status(),
    find: (algorithm, kid) => (algorithm === "HS256" ? shared : published).find(algorithm, kid),
  };
}

/**
 * CS-8: among the keys of one family, shared or public. Without `kid` only the one key there is; a name that two different
 * keys of one algorithm share names neither of them.
 */
export function findKey(
  keys: readonly VerificationKey[],
  algorithm: KeyAlgorithm,
  kid: string | undefined,
): VerificationKey | undefined {
  if (kid === undefined && keys.length !== 1) return undefined;
  let found: VerificationKey | undefined;
  for (const one of keys) {
    if (one.algorithm !== algorithm || (kid !== undefined && one.kid !== kid)) continue;
    if (found !== undefined) return undefined;
    found = one;
  }
  return found;
}
