/** Verifies the API tokens that `countersign/better-auth` issues. */
export { type Clock, systemClock } from "./core/clock.ts";
export {
  audienceFromEnvironment,
  type Environment,
  issuerFromEnvironment,
  verifierOptionsFromEnvironment,
} from "./core/environment.ts";
export {
  ConfigurationError,
  CountersignError,
  type ErrorCode,
  type ErrorEntry,
  errorTable,
  type RefusalCode,
  type RefusalOptions,
} from "./core/errors.ts";
export type { Identity } from "./core/identity.ts";
export type { Algorithm } from "./core/key-set.ts";
export { checkKey, checkSecret, deriveKey, keyId } from "./core/keys.ts";
export type { JsonObject } from "./core/strict-json.ts";
export type { RejectEvent, VerifierOptions } from "./core/verifier-options.ts";
export { createVerifier, type Verifier } from "./core/verify.ts";
export { type AuthenticationMode, authenticate, requireSelf } from "./server/authenticate.ts";
export { type Problem, type ProblemDocument, problem, type ValidationFault } from "./server/problem.ts";
