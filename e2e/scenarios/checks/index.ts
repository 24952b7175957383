import type { Target } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { deletedAccountsLeaveNothing, newAccountsBeginEmpty } from "./accounts.ts";
import {
  abortedRequestsLeaveNothing,
  answersBelongToTheirAskers,
  decidesAnew,
  pipelinedRequestsDoNotMix,
  slowRequestsStayTheirOwn,
} from "./concurrency.ts";
import {
  challengeIsExposed,
  foreignOriginsAreRefused,
  nothingElseIsGranted,
  noWildcardWithCredentials,
  preflightIsGranted,
  refusalsAreReadable,
  simpleWritesAreRefused,
} from "./cors.ts";
import { nothingFailsInside, oneVocabulary } from "./inputs.ts";
import { issuerKeepsNothing } from "./issuer.ts";
import { failuresAreBounded, noCountsAreTold } from "./rate-limit.ts";
import {
  administratorsAreNoOwners,
  optionalRoutesRefuseRevoked,
  rolesEndInTime,
  scopesAreNeeded,
} from "./roles.ts";
import {
  databaseWithheld,
  failureTellsNothing,
  logHoldsNoCredential,
  refusalsNeedNoDatabase,
} from "./service.ts";
import {
  noSpellingOutlivesSignOut,
  oldCookiesGiveNoToken,
  revokedIsRefusedEverywhere,
  sessionsEndAsTheyShould,
  signedOutIsRefused,
  slowRequestsSpanSignOut,
  streamsEndWithTheSession,
} from "./sign-out.ts";
import { refusesBeforeBody, refusesWithoutContinue } from "./sockets.ts";
import { rowsTakeTheSameTime, signaturesTakeTheSameTime, usersTakeTheSameTime } from "./timing.ts";

/** A proof that needs more than requests one after another. Fails with a `Failure`. */
export type Check = (target: Target, scenario: Scenario) => Promise<void>;

/** By the name under which contract/scenarios calls for them. */
export const checks: Readonly<Record<string, Check>> = {
  abortedRequestsLeaveNothing,
  administratorsAreNoOwners,
  answersBelongToTheirAskers,
  challengeIsExposed,
  databaseWithheld,
  decidesAnew,
  deletedAccountsLeaveNothing,
  failuresAreBounded,
  failureTellsNothing,
  foreignOriginsAreRefused,
  issuerKeepsNothing,
  logHoldsNoCredential,
  newAccountsBeginEmpty,
  noCountsAreTold,
  noSpellingOutlivesSignOut,
  nothingElseIsGranted,
  nothingFailsInside,
  noWildcardWithCredentials,
  oldCookiesGiveNoToken,
  oneVocabulary,
  optionalRoutesRefuseRevoked,
  pipelinedRequestsDoNotMix,
  preflightIsGranted,
  refusalsAreReadable,
  refusalsNeedNoDatabase,
  refusesBeforeBody,
  refusesWithoutContinue,
  revokedIsRefusedEverywhere,
  rolesEndInTime,
  rowsTakeTheSameTime,
  scopesAreNeeded,
  sessionsEndAsTheyShould,
  signaturesTakeTheSameTime,
  signedOutIsRefused,
  simpleWritesAreRefused,
  slowRequestsSpanSignOut,
  slowRequestsStayTheirOwn,
  streamsEndWithTheSession,
  usersTakeTheSameTime,
};
