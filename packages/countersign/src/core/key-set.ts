import { createSecretKey, type KeyObject } from "node:crypto";
import { CountersignError } from "./errors.ts";
import { keyId } from "./keys.ts";

/** Algorithms that a verifier can be told to accept. */
export const algorithms = ["HS256"] as const;
export type Algorithm = (typeof algorithms)[number];

/** A key bound to the one algorithm it is for (RFC 8725 §3.1). */
export interface VerificationKey {
  readonly algorithm: Algorithm;
  readonly kid: string;
  readonly key: KeyObject;
}

/** The keys of one verifier. Which key is used follows from the configuration, never from the header alone. */
export interface KeySet {
  /**
   * CS-8: the key named by `kid` among the keys of the algorithm; without `kid` the only one there is.
   *
   * @throws CountersignError `unknown_key`
   */
  find(algorithm: Algorithm, kid: string | undefined): VerificationKey;
}

/** A shared key as text, made into a `KeyObject` once. */
export function sharedKey(key: string): VerificationKey {
  return { algorithm: "HS256", kid: keyId(key), key: createSecretKey(key, "utf8") };
}

export function createKeySet(keys: readonly VerificationKey[]): KeySet {
  return {
    find(algorithm, kid) {
      const family = keys.filter((candidate) => candidate.algorithm === algorithm);
      const found = family.find((candidate) => candidate.kid === (kid ?? family[0]?.kid));
      if (found === undefined || (kid === undefined && family.length !== 1)) {
        throw new CountersignError("unknown_key");
      }
      return found;
    },
  };
}
