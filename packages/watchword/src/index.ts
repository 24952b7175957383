/** Verifies the API tokens that `watchword/better-auth` issues. */

export { type AuditRecord, type NamedEvent, toAuditRecord } from "./audit-record.ts";
export { type Clock, systemClock } from "./clock.ts";
export type { JsonObject } from "./encoding/strict-json.ts";
export {
  ConfigurationError,
  type ErrorCode,
  type ErrorEntry,
  errorTable,
  type RefusalCode,
  type RefusalOptions,
  WatchwordError,
} from "./errors.ts";
export { createVerifier } from "./feed/create-verifier.ts";
export type { FeedEvent } from "./feed/revocation-events.ts";
export {
  createRevocationFeed,
  type FeedState,
  type FeedStatus,
  type RevocationFeed,
} from "./feed/revocation-feed.ts";
export type { FeedOptions } from "./feed/revocation-feed-options.ts";
export { appliesTo, type Revocation } from "./feed/revocation-list.ts";
export { feedOptionsFromEnvironment } from "./feed/revocation-settings.ts";
export { deriveFeedKey } from "./feed/revocation-token.ts";
export {
  type AuthenticationMode,
  authenticate,
  requireRole,
  requireScope,
  requireSelf,
} from "./guard/authenticate.ts";
export { type Problem, type ProblemDocument, toProblem, type ValidationFault } from "./guard/problem.ts";
export type { Algorithm } from "./keys/algorithms.ts";
export type { FetchKeys } from "./keys/fetch-key-set.ts";
export type { SharedKey } from "./keys/key-set.ts";
export type { KeySetEvent, KeySetStatus } from "./keys/key-set-events.ts";
export { checkKey, checkSecret, computeKeyId, deriveKey } from "./keys/keys.ts";
export { requestIdFrom } from "./request-id.ts";
export {
  audienceFromEnvironment,
  type Environment,
  issuerFromEnvironment,
  verifierOptionsFromEnvironment,
} from "./token/environment.ts";
export type { Identity } from "./token/identity.ts";
export type { RevocationMode, RevocationSource, RevocationSubject } from "./token/revocation.ts";
export type { StandardSchemaV1 } from "./token/standard-schema.ts";
export type { CacheOptions, RejectEvent, VerifierOptions } from "./token/verifier-options.ts";
export type { ClosableVerifier, Verifier, VerifyOptions } from "./token/verify.ts";
