import type { FetchFailure, SourceState, SourceStatus } from "./source-status.ts";

/** How the public keys of a verifier are doing. */
export type KeySetStatus = SourceStatus;

/** What the operator learns of keys that are published at an address (`contract/events.json`). Nothing in it is secret. */
export type KeySetEvent =
  /** The state changed, or is `fresh` again after a failure. */
  | {
      readonly name: "watchword.keys.state";
      /** Seconds since 1970. */
      readonly at: number;
      readonly state: SourceState;
      /** How many keys are known. */
      readonly entries: number;
    }
  /** A request for the keys failed otherwise than the one before. */
  | { readonly name: "watchword.keys.failed"; readonly at: number; readonly reason: FetchFailure };
