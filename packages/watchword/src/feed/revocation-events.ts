import type { FetchFailure, SourceState } from "../keys/source-status.ts";

/** What the operator learns of the feed (`contract/events.json`). Nothing in it is secret. */
export type FeedEvent =
  /** The state changed, or is `fresh` again after a failure. */
  | {
      readonly name: "watchword.feed.state";
      /** Seconds since 1970. */
      readonly at: number;
      readonly state: SourceState;
      /** How many revocations are known. */
      readonly entries: number;
    }
  /** A request to the feed failed otherwise than the one before; `not_started`: tokens come, and nobody started it. */
  | {
      readonly name: "watchword.feed.failed";
      readonly at: number;
      readonly reason: FetchFailure | "not_started";
    }
  /** Revocations that were not known before. */
  | { readonly name: "watchword.feed.revoked"; readonly at: number; readonly count: number }
  /** What a user left is erased, or could not be yet. */
  | {
      readonly name: "watchword.user.erased" | "watchword.user.erase_failed";
      readonly at: number;
      readonly userId: string;
    };
