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
  let mayBeMissing = true;
  const feed = createRevocationFeed({
    ...settings,
    clock,
    onUserDeleted: async (userId) => {
      await erase(userId);
    },
    onEvent: (event) => {
      log.audit(event);
      // Once a list has come, an outage is no mistake of the settings.
      if (event.name === "watchword.feed.state" && event.state === "fresh") mayBeMissing = false;
    },
  });

  /** Told at the first refusal: at a start of both services at once, the list comes a moment later. */
  function advise(): void {
    if (!mayBeMissing) return;
    mayBeMissing = false;
    log.warn("watchword.feed.missing", { "watchword.message": adviceFor(String(settings.url)) });
  }

  return Object.freeze<RevocationFeed>({
    ...feed,
    isRevoked(subject) {
      try {
        return feed.isRevoked(subject);
      } catch (error) {
        advise();
        throw error;
      }
    },
  });
}

function adviceFor(url: string): string {
  return `The revocation feed at ${url} has not answered yet: until it does, every token is refused with 503. Start the web application there, set REVOCATION_FEED_URL to where it is, or set REVOCATION=none for an API that runs alone.`;
}
