/** Algorithms of public keys, each with the one kind of key it is for. `Ed25519` is the name RFC 9864 gives `EdDSA` here. */
export const publicAlgorithms = ["EdDSA", "Ed25519", "ES256", "RS256", "PS256"] as const;

/** Algorithms that a verifier can be told to accept. */
export const algorithms = ["HS256", ...publicAlgorithms] as const;

export type Algorithm = (typeof algorithms)[number];

/** What a key is bound to: `EdDSA` and `Ed25519` are two names of one algorithm (RFC 9864 §2.2). */
export type KeyAlgorithm = Exclude<Algorithm, "Ed25519">;

/** The algorithm of the keys that can verify a token with this `alg`. */
export function keyAlgorithmOf(algorithm: Algorithm): KeyAlgorithm {
  return algorithm === "Ed25519" ? "EdDSA" : algorithm;
}
