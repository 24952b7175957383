import type { JsonObject } from "../encoding/strict-json.ts";
import { verifierOptionsFromEnvironment } from "../token/environment.ts";
import { checkOptions } from "../token/policy.ts";
import type { VerifierOptions } from "../token/verifier-options.ts";
import { type ClosableVerifier, verifierOf } from "../token/verify.ts";
import { createRevocationFeed, type RevocationFeed } from "./revocation-feed.ts";
import { feedOptionsFromEnvironment } from "./revocation-settings.ts";

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
  return verifierOf(policy, async () => feed?.close());
}

/** The feed that the environment names. */
function environmentFeed(): RevocationFeed | undefined {
  const options = feedOptionsFromEnvironment();
  return options && createRevocationFeed(options);
}
