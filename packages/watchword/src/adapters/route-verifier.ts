import type { JsonObject } from "../encoding/strict-json.ts";
import { ConfigurationError } from "../errors.ts";
import { createVerifier } from "../feed/create-verifier.ts";
import type { VerifierOptions } from "../token/verifier-options.ts";
import type { Verifier, VerifyOptions } from "../token/verify.ts";
import { environmentVerifier, type ServerSocket } from "./environment-verifier.ts";

/**
 * What a middleware verifies with: a verifier, the options to make one, or a function that makes one at the first request.
 * Without any of them the environment says, at the first request.
 */
export type VerifierInput<C = JsonObject> = Verifier<C> | VerifierOptions<C> | (() => Verifier<C>);

/** How one route authenticates. */
export type RouteOptions = VerifyOptions;

/** The verifier of a route, and how it looks at tokens there. */
export interface RouteVerifier<C> {
  readonly verifier: Verifier<C>;
  readonly options: RouteOptions | undefined;
}

/**
 * The verifier of a route, at each request. It is made and held against the options at once where it is given, so that a
 * mistake stops the start, and at the first request otherwise, so that a build needs no settings.
 *
 * @throws ConfigurationError for options that cannot be right; the function that it gives throws the same.
 */
export function routeVerifier<C>(
  input: VerifierInput<C> | undefined,
  options: RouteOptions | undefined,
): (socket?: ServerSocket) => RouteVerifier<C> {
  if (input === undefined || typeof input === "function") return lateVerifier(input, options);
  const verifier = "verify" in input ? input : createVerifier(input);
  const route = { verifier, options: routeOptions(verifier, options) };
  return () => route;
}

function lateVerifier<C>(
  make: (() => Verifier<C>) | undefined,
  options: RouteOptions | undefined,
): (socket?: ServerSocket) => RouteVerifier<C> {
  let route: RouteVerifier<C> | undefined;
  return (socket) => {
    // Without a schema of its own, a route cannot name another type than the environment's verifier gives.
    const verifier = make === undefined ? (environmentVerifier(socket) as Verifier<C>) : madeBy(make);
    if (route?.verifier !== verifier) route = { verifier, options: routeOptions(verifier, options) };
    return route;
  };
}

const made = new WeakMap<() => Verifier<unknown>, Verifier<unknown>>();

/** One verifier for each function, however many routes were given it. */
function madeBy<C>(make: () => Verifier<C>): Verifier<C> {
  let verifier = made.get(make) as Verifier<C> | undefined;
  if (verifier === undefined) {
    verifier = make();
    made.set(make, verifier);
  }
  return verifier;
}

/** @throws ConfigurationError for a route that wants revocations asked of a verifier that knows none. */
function routeOptions(verifier: Verifier<unknown>, options?: RouteOptions): RouteOptions | undefined {
  const mode = options?.revocation;
  if (mode === undefined) return undefined;
  if (mode === "none") return { revocation: "none" };
  if (mode === "feed" && verifier.revocation === "feed") return { revocation: "feed" };
  throw new ConfigurationError(
    mode === "feed"
      ? 'revocation: "feed" needs a verifier that is given a source of revocations, such as createRevocationFeed(…).'
      : 'revocation must be "none" or "feed".',
  );
}
