import { type Clock, createRevocationFeed, type FeedOptions, type RevocationFeed } from "watchword";
import type { Log } from "./log.ts";

export interface FollowOptions {
  clock: Clock;
  log: Log;
  /** Deletes every row of a user whose account is gone. */
  erase: (userId: string) => Promise<unknown>;
}

/** The feed of what the issuer revokes, not started yet: each of its events is a line of the log. */
export function revocationFeed(settings: FeedOptions, { clock, log, erase }: FollowOptions): RevocationFeed {
  return createRevocationFeed({
    ...settings,
    clock,
    onUserDeleted: async (userId) => {
      await erase(userId);
    },
    onEvent: (event) => log.audit(event),
  });
}
