import { ConfigurationError } from "../core/errors.ts";
import type { JsonObject } from "../core/strict-json.ts";
import type { VerifierOptions } from "../core/verifier-options.ts";
import { createVerifier, type Verifier, type VerifyOptions } from "../core/verify.ts";

/** What the middlewares of every framework are given: a verifier, or the options to make one. */
export type GivenVerifier<C = JsonObject> = Verifier<C> | VerifierOptions<C>;

/** @throws ConfigurationError for options that cannot be right. */
export function verifierOf<C>(given: GivenVerifier<C>): Verifier<C> {
  return "verify" in given ? given : createVerifier(given);
}

/** How one route authenticates. */
export type RouteOptions = VerifyOptions;

/**
 * The options of a route, held against its verifier when the route is set up, so that a mistake stops the start.
 *
 * @throws ConfigurationError for a route that wants revocations asked of a verifier that knows none.
 */
export function routeOptions(verifier: Verifier<unknown>, options?: RouteOptions): RouteOptions | undefined {
  const use = options?.revocation;
  if (use === undefined) return undefined;
  if (use === "none") return { revocation: "none" };
  if (use === "feed" && verifier.revocation === "feed") return { revocation: "feed" };
  throw new ConfigurationError(
    use === "feed"
      ? 'revocation: "feed" needs a verifier that is given a source of revocations, such as createRevocationFeed(…).'
      : 'revocation must be "none" or "feed".',
  );
}
