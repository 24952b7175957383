import { ConfigurationError } from "../../errors.ts";

/** Algorithms that the plugin signs with in public-key mode. */
export const signingAlgorithms = ["EdDSA", "ES256", "RS256", "PS256"] as const;

export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** The key pairs of public-key mode. */
export interface KeyOptions {
  /** Default `EdDSA`. Another one takes over by a rotation. */
  readonly algorithm?: SigningAlgorithm | undefined;
  /** How long a key signs, in seconds. Default 2592000 (30 days), at least twice the overlap. */
  readonly rotateAfterSeconds?: number | undefined;
  /**
   * How long a key is published before it signs, and after its last token has expired, in seconds: 60 to 604800. Default
   * 3600, as long as a verifier keeps going on keys that it could not read again.
   */
  readonly overlapSeconds?: number | undefined;
  /**
   * `false` publishes the keys and goes on signing with the shared key: the first step of a migration, until every
   * verifier knows where the keys are published. Default true.
   */
  readonly signing?: boolean | undefined;
  /** Where the keys are published beside `/.well-known/jwks.json`. Default `/jwks`. */
  readonly jwksPath?: string | undefined;
}

/** The options once checked, every default filled in. */
export interface KeyPolicy {
  readonly algorithm: SigningAlgorithm;
  readonly rotateAfterSeconds: number;
  readonly overlapSeconds: number;
  readonly signing: boolean;
  readonly jwksPath: string;
}

const maxOverlapSeconds = 604_800;

/** @throws ConfigurationError for options that cannot be right */
export function checkKeyOptions(options: KeyOptions | undefined): KeyPolicy | undefined {
  if (options === undefined) return undefined;
  const {
    algorithm = "EdDSA",
    overlapSeconds = 3600,
    rotateAfterSeconds = 2_592_000,
    signing = true,
    jwksPath = "/jwks",
  } = options;
  if (!signingAlgorithms.includes(algorithm)) {
    throw new ConfigurationError(`keys.algorithm must be one of: ${signingAlgorithms.join(", ")}.`);
  }
  if (!Number.isInteger(overlapSeconds) || overlapSeconds < 60 || overlapSeconds > maxOverlapSeconds) {
    throw new ConfigurationError("keys.overlapSeconds must be a whole number of seconds from 60 to 604800.");
  }
  if (!Number.isInteger(rotateAfterSeconds) || rotateAfterSeconds < 2 * overlapSeconds) {
    throw new ConfigurationError(
      "keys.rotateAfterSeconds must be a whole number of seconds, at least twice keys.overlapSeconds.",
    );
  }
  if (!/^(\/[A-Za-z0-9_.-]+)+$/.test(jwksPath)) {
    throw new ConfigurationError("keys.jwksPath must be a path such as /api-jwks.");
  }
  return { algorithm, overlapSeconds, rotateAfterSeconds, signing, jwksPath };
}
