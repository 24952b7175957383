import {
  type Clock,
  createRevocationFeed,
  type FeedEvent,
  type FeedSettings,
  type RevocationFeed,
} from "countersign";
import type { Logger } from "pino";

export interface FollowOptions {
  clock: Clock;
  logger: Logger;
  /** Deletes every row of a user whose account is gone. */
  erase: (userId: string) => Promise<unknown>;
}

/** The feed of what the issuer revokes, not started yet: each of its events is a line of the log. */
export function revocationFeed(
  settings: FeedSettings,
  { clock, logger, erase }: FollowOptions,
): RevocationFeed {
  return createRevocationFeed({
    ...settings,
    clock,
    onUserDeleted: async (userId) => {
      await erase(userId);
    },
    onEvent: (event) => logger[levelOf(event)](lineOf(event)),
  });
}

function levelOf(event: FeedEvent): "info" | "warn" {
  if (event.name === "countersign.feed.failed" || event.name === "countersign.user.erase_failed")
    return "warn";
  return event.name === "countersign.feed.state" && event.state !== "fresh" ? "warn" : "info";
}

/** The line has its own time. */
function lineOf({ name, at: _, ...facts }: FeedEvent): object {
  return { event: name, ...facts };
}
