import type { Target } from "../run.ts";
import type { Scenario } from "../scenario.ts";
import { newAccountsBeginEmpty } from "./accounts.ts";
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
  databaseWithheld,
  failureTellsNothing,
  logHoldsNoCredential,
  refusalsNeedNoDatabase,
} from "./service.ts";
import { refusesBeforeBody, refusesWithoutContinue } from "./sockets.ts";
import { rowsTakeTheSameTime, signaturesTakeTheSameTime, usersTakeTheSameTime } from "./timing.ts";

/** A proof that needs more than requests one after another. Fails with a `Failure`. */
export type Check = (target: Target, scenario: Scenario) => Promise<void>;

/** By the name under which contract/scenarios calls for them. */
export const checks: Readonly<Record<string, Check>> = {
  abortedRequestsLeaveNothing,
  answersBelongToTheirAskers,
  challengeIsExposed,
  databaseWithheld,
  decidesAnew,
  failureTellsNothing,
  failuresAreBounded,
  foreignOriginsAreRefused,
  issuerKeepsNothing,
  logHoldsNoCredential,
  newAccountsBeginEmpty,
  noCountsAreTold,
  noWildcardWithCredentials,
  nothingElseIsGranted,
  nothingFailsInside,
  oneVocabulary,
  pipelinedRequestsDoNotMix,
  preflightIsGranted,
  refusalsAreReadable,
  refusalsNeedNoDatabase,
  refusesBeforeBody,
  refusesWithoutContinue,
  rowsTakeTheSameTime,
  signaturesTakeTheSameTime,
  simpleWritesAreRefused,
  slowRequestsStayTheirOwn,
  usersTakeTheSameTime,
};
