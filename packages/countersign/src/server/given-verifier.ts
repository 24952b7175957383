import type { JsonObject } from "../core/strict-json.ts";
import type { VerifierOptions } from "../core/verifier-options.ts";
import { createVerifier, type Verifier } from "../core/verify.ts";

/** What the middlewares of every framework are given: a verifier, or the options to make one. */
export type GivenVerifier<C = JsonObject> = Verifier<C> | VerifierOptions<C>;

/** @throws ConfigurationError for options that cannot be right. */
export function verifierOf<C>(given: GivenVerifier<C>): Verifier<C> {
  return "verify" in given ? given : createVerifier(given);
}
