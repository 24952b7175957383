/** Verifies the API tokens that `watchword/better-auth` issues. */
export type { Algorithm } from "./core/algorithms.ts";
export { type AuditRecord, type NamedEvent, toAuditRecord } from "./core/audit-record.ts";
export { type Clock, systemClock } from "./core/clock.ts";
export {
  audienceFromEnvironment,
  type Environment,
  issuerFromEnvironment,
  verifierOptionsFromEnvironment,
} from "./core/environment.ts";
export {
  ConfigurationError,
  type ErrorCode,
  type ErrorEntry,
  errorTable,
  type RefusalCode,
  type RefusalOptions,
  WatchwordError,
} from "./core/errors.ts";
export type { FetchKeys } from "./core/fetch-key-set.ts";
export type { Identity } from "./core/identity.ts";
export type { SharedKey } from "./core/key-set.ts";
export type { KeySetEvent, KeySetStatus } from "./core/key-set-events.ts";
export { checkKey, checkSecret, computeKeyId, deriveKey } from "./core/keys.ts";
export { requestIdFrom } from "./core/request-id.ts";
export type { RevocationMode, RevocationSource, RevocationSubject } from "./core/revocation.ts";
export type { FeedEvent } from "./core/revocation-events.ts";
export {
  createRevocationFeed,
  type FeedState,
  type FeedStatus,
  type RevocationFeed,
} from "./core/revocation-feed.ts";
export type { FeedOptions } from "./core/revocation-feed-options.ts";
export { appliesTo, type Revocation } from "./core/revocation-list.ts";
export { feedOptionsFromEnvironment } from "./core/revocation-settings.ts";
export { deriveFeedKey } from "./core/revocation-token.ts";
export type { StandardSchemaV1 } from "./core/standard-schema.ts";
export type { JsonObject } from "./core/strict-json.ts";
export type { CacheOptions, RejectEvent, VerifierOptions } from "./core/verifier-options.ts";
export {
  type ClosableVerifier,
  createVerifier,
  type Verifier,
  type VerifyOptions,
} from "./core/verify.ts";
export {
  type AuthenticationMode,
  authenticate,
  requireRole,
  requireScope,
  requireSelf,
} from "./server/authenticate.ts";
export { type Problem, type ProblemDocument, toProblem, type ValidationFault } from "./server/problem.ts";
