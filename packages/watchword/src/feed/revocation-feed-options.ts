import { isPrivateOnItsWay, readAddress } from "../address.ts";
import { type Clock, systemClock } from "../clock.ts";
import { ConfigurationError } from "../errors.ts";
import type { SharedKey } from "../keys/key-set.ts";
import { checkKey, checkSecret, deriveKey } from "../keys/keys.ts";
import { demandTimes, runsOnDemand } from "./revocation-demand.ts";
import type { EraseUser } from "./revocation-erasure.ts";
import type { FeedEvent } from "./revocation-events.ts";
import type { FollowerOptions } from "./revocation-follower.ts";
import type { FetchFeed, Sleep } from "./revocation-request.ts";
import { deriveFeedKey } from "./revocation-token.ts";

/** Where the plugin serves the feed, at the issuer's origin. Held against `contract/defaults.json`. */
export const feedPath = "/api/auth/revocations";

/**
 * Configuration of a feed. What opens it is derived from the keys that verify API tokens (`secret`, `key`, as for the
 * verifier), or, where tokens are signed with public keys, from `feedSecret`.
 */
export interface FeedOptions {
  /** `iss` of API tokens: the origin of `BETTER_AUTH_URL`. */
  readonly issuer: string;
  /** Where the feed is: `https:`, or `http:` on this machine. Default `<issuer>/api/auth/revocations`. */
  readonly url?: string;
  /** `BETTER_AUTH_SECRET`, or several, newest first. It needs `audience`: each API has a key of its own. */
  readonly secret?: string | readonly string[];
  /** `aud` of this API's tokens, or several, as for the verifier; used with `secret` alone. */
  readonly audience?: string | readonly string[];
  /** `WATCHWORD_KEY`, or several, newest first. */
  readonly key?: string | readonly (string | SharedKey)[];
  /** `WATCHWORD_FEED_SECRET`, at least 32 characters; given, it alone opens the feed. */
  readonly feedSecret?: string;
  /** Lets a plain `http:` address of another machine pass, such as one inside a cluster. */
  readonly allowHttp?: boolean;
  /** For issuers that cannot hold a request: how often to ask, in seconds, 0.25–30. */
  readonly pollSeconds?: number;
  /**
   * How long a request waits for the list while there is none, or while it is too old to be used, in seconds, 0–10.
   * Default 0: it is refused at once; where the feed is asked on demand, 5.
   */
  readonly requestWaitSeconds?: number;
  /**
   * Nothing runs between requests, as in Cloudflare Workers: the feed is asked in the course of a request where the list
   * is older than `pollSeconds`, there 2 by default. Default: whether the platform is Cloudflare's.
   */
  readonly onDemand?: boolean;
  /** Once the list is too old: refuse every token with `unavailable`, or go on with what is known. Default `closed`. */
  readonly whenUnreachable?: "closed" | "open";
  /** Age in seconds from which the list counts as stale: 30–3600. Default 60. */
  readonly staleAfterSeconds?: number;
  /** Age in seconds up to which it is used: from `staleAfterSeconds` to 86400. Default 300. */
  readonly refuseAfterSeconds?: number;
  /** Erases what a user left whose account is gone. Called again until it succeeds, and at every start for a while. */
  readonly onUserDeleted?: EraseUser;
  readonly onEvent?: (event: FeedEvent) => void;
  readonly clock?: Clock;
  /** How the feed is asked. Default: the global `fetch`. */
  readonly fetch?: FetchFeed;
  /** How time passes between requests. Default: the timers of the platform. */
  readonly sleep?: Sleep;
  /** A number from 0 to 1 that spreads retries. Default: `Math.random`. */
  readonly random?: () => number;
}

/** The options once checked, every default filled in. */
export interface CheckedFeedOptions extends FollowerOptions {
  readonly issuer: string;
  readonly onDemand: boolean;
  readonly requestWaitSeconds: number;
  readonly url: string;
}

/** @throws ConfigurationError for options that cannot be right. */
export function followerOptions(options: FeedOptions): CheckedFeedOptions {
  const {
    issuer,
    whenUnreachable = "closed",
    clock = systemClock,
    random = Math.random,
    onDemand = runsOnDemand(),
  } = options;
  const pollSeconds = options.pollSeconds ?? (onDemand ? demandTimes.pollSeconds : undefined);
  const requestWaitSeconds = options.requestWaitSeconds ?? (onDemand ? demandTimes.requestWaitSeconds : 0);
  if (typeof issuer !== "string" || issuer === "" || issuer !== issuer.trim()) {
    throw new ConfigurationError("issuer must be the text that tokens carry as iss.");
  }
  if (whenUnreachable !== "closed" && whenUnreachable !== "open") {
    throw new ConfigurationError('whenUnreachable must be "closed" or "open".');
  }
  if (typeof onDemand !== "boolean") throw new ConfigurationError("onDemand must be true or false.");
  const staleAfterSeconds = bounded(options.staleAfterSeconds ?? 60, "staleAfterSeconds", 30, 3600);
  return {
    issuer,
    url: feedAddress(options),
    feedKeys: feedKeys(options),
    clock,
    random,
    pollSeconds: pollSeconds === undefined ? undefined : bounded(pollSeconds, "pollSeconds", 0.25, 30),
    onDemand,
    requestWaitSeconds: bounded(requestWaitSeconds, "requestWaitSeconds", 0, 10),
    whenUnreachable,
    staleAfterSeconds,
    refuseAfterSeconds: bounded(
      options.refuseAfterSeconds ?? Math.max(300, staleAfterSeconds),
      "refuseAfterSeconds",
      staleAfterSeconds,
      86_400,
    ),
  };
}

function feedAddress({ issuer, url = `${issuer}${feedPath}`, allowHttp = false }: FeedOptions): string {
  const address = typeof url === "string" ? readAddress(url) : undefined;
  if (address !== undefined && (allowHttp === true || isPrivateOnItsWay(address))) return url;
  throw new ConfigurationError(
    "The url of the revocation feed must be an https: address, or an http: address on this machine, without a user name. Set allowHttp for http: on another machine.",
  );
}

function feedKeys({ secret, audience, key, feedSecret }: FeedOptions): readonly string[] {
  if (feedSecret !== undefined) {
    checkSecret(feedSecret, "feedSecret");
    return [deriveFeedKey(feedSecret)];
  }
  const given = listOf<string | SharedKey>(key).map((one) => {
    const text = typeof one === "object" ? one?.key : one;
    checkKey(text, "key");
    return text;
  });
  const audiences = listOf<string>(audience);
  const derived = listOf<string>(secret).flatMap((one) => {
    checkSecret(one, "secret");
    if (audiences.length === 0) {
      throw new ConfigurationError("The revocation feed with a secret needs the audience of this API too.");
    }
    return audiences.map((name) => deriveKey(one, name));
  });
  const keys = [...new Set([...given, ...derived])].map(deriveFeedKey);
  if (keys.length > 0) return keys;
  throw new ConfigurationError("Give the revocation feed a secret, a key or a feedSecret.");
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

function bounded(value: unknown, name: string, min: number, max: number): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw new ConfigurationError(`${name} must be a number from ${min} to ${max}.`);
}
