import { ConfigurationError } from "../errors.ts";
import { checkSecret } from "../keys/keys.ts";
import {
  addressOf,
  audienceFromEnvironment,
  type Environment,
  issuerFromEnvironment,
  processEnvironment,
  setting,
  verifierOptionsFromEnvironment,
} from "../token/environment.ts";
import { type FeedOptions, feedPath } from "./revocation-feed-options.ts";

/**
 * Options of a feed from `REVOCATION` (`feed` or `none`), `REVOCATION_FEED_URL`, `WATCHWORD_FEED_SECRET`,
 * `REVOCATION_WHEN_UNREACHABLE` (`closed` or `open`) and the settings of the verifier.
 *
 * @param otherwise what holds where `REVOCATION` is absent.
 * @returns `undefined` for `none`.
 * @throws ConfigurationError with one sentence that says what to do.
 */
export function feedOptionsFromEnvironment(
  environment: Environment = processEnvironment(),
  otherwise: "feed" | "none" = "none",
): FeedOptions | undefined {
  if (oneOf(environment, "REVOCATION", ["feed", "none"], otherwise) === "none") return undefined;
  const issuer = issuerFromEnvironment(environment);
  return {
    issuer,
    url: feedAddress(environment) ?? `${issuer}${feedPath}`,
    ...openers(environment),
    // Insecure addresses were refused above, where they must be.
    allowHttp: true,
    whenUnreachable: oneOf(environment, "REVOCATION_WHEN_UNREACHABLE", ["closed", "open"], "closed"),
  };
}

/** As it is written. */
function feedAddress(environment: Environment): string | undefined {
  const name = "REVOCATION_FEED_URL";
  return addressOf(environment, name) && setting(environment, name)?.trim();
}

/** What opens the feed: its own secret, where there is one, else what opens the API. */
function openers(environment: Environment): Pick<FeedOptions, "feedSecret" | "key" | "secret" | "audience"> {
  const feedSecret = setting(environment, "WATCHWORD_FEED_SECRET");
  if (feedSecret !== undefined) {
    checkSecret(feedSecret, "WATCHWORD_FEED_SECRET");
    return { feedSecret };
  }
  const { key, secret } = verifierOptionsFromEnvironment(environment);
  if (key === undefined && secret === undefined) {
    throw new ConfigurationError(
      "WATCHWORD_FEED_SECRET is not set. Where tokens are signed with public keys, it opens the revocation feed: set it to what the web application has, or REVOCATION to none.",
    );
  }
  return {
    ...(key !== undefined && { key }),
    ...(secret !== undefined && { secret, audience: audienceFromEnvironment(environment) }),
  };
}

function oneOf<T extends string>(
  environment: Environment,
  name: string,
  values: readonly T[],
  otherwise: T,
): T {
  const text = setting(environment, name)?.trim() ?? otherwise;
  const known = values.find((one) => one === text);
  if (known !== undefined) return known;
  throw new ConfigurationError(`${name} is not usable: set it to ${values.join(" or ")}.`);
}
