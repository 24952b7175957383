import type { Verifier } from "../../token/verify.ts";
import type { RevocationFeed } from "./revocation-feed.ts";

/** What the endpoint needs once Better Auth has started. */
export interface FeedService {
  readonly feed: RevocationFeed;
  /** Accepts feed tokens and nothing else. */
  readonly verifier: Verifier;
}
