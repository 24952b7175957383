import type { Session, User } from "better-auth";
import { type Clock, systemClock } from "../core/clock.ts";
import { ConfigurationError } from "../core/errors.ts";
import { checkKey } from "../core/keys.ts";
import type { TokenEvent } from "./audit.ts";

/** Claims that only the plugin writes (`contract/defaults.json`, `registered_claims`). */
export const registeredClaims = ["iss", "aud", "sub", "iat", "exp", "nbf", "jti", "sid"] as const;

/** Claims of your own. TypeScript and the endpoint both refuse the registered ones. */
export type OwnClaims = Readonly<Record<string, unknown>> & {
  readonly [claim in (typeof registeredClaims)[number]]?: never;
};

/** Whose token is made. The session comes without its `token`: that is the cookie's value and opens the account. */
export interface PayloadInput {
  readonly user: Readonly<User & Record<string, unknown>>;
  readonly session: Readonly<Omit<Session, "token"> & Record<string, unknown>>;
}

/** Options of the plugin. Defaults are those of `contract/defaults.json`. */
export interface CountersignOptions {
  /** `iss` of every token: a fixed text, usually the origin of `BETTER_AUTH_URL`. Never taken from a request. */
  readonly issuer: string;
  /** `aud` of every token: a fixed text, usually the origin of the API. */
  readonly audience: string;
  /** Life of a token in seconds: a whole number from 60 to 604800 (7 days). Default 900. */
  readonly ttlSeconds?: number | undefined;
  /** `COUNTERSIGN_KEY`, when tokens shall not be signed with the key derived from Better Auth's current secret. */
  readonly key?: string | undefined;
  /** `scope` of every token (RFC 8693 §4.2): a text, or a list of scopes that is joined by spaces. Default none. */
  readonly scope?: string | readonly string[] | undefined;
  /**
   * Further claims. May replace or (with `undefined`) leave out `email`, `name`, `role`, `scope`. A registered claim, or the
   * session's token anywhere in it, makes the endpoint answer 500 `INVALID_CLAIMS`, and the log names the claim. An APIError
   * that it throws is answered as it is.
   */
  readonly definePayload?: ((input: PayloadInput) => OwnClaims | Promise<OwnClaims>) | undefined;
  /** Called for every token issued and every request refused. What it throws is logged and changes nothing. */
  readonly onEvent?: ((event: TokenEvent) => void | Promise<void>) | undefined;
  /** Where the time of `iat`, `exp` and the session's expiry comes from. */
  readonly clock?: Clock | undefined;
}

/** The options once checked, every default filled in. */
export interface IssuerPolicy {
  readonly issuer: string;
  readonly audience: string;
  readonly ttlSeconds: number;
  readonly key: string | undefined;
  readonly scope: string | undefined;
  readonly definePayload: (input: PayloadInput) => OwnClaims | Promise<OwnClaims>;
  readonly onEvent: (event: TokenEvent) => void | Promise<void>;
  readonly clock: Clock;
}

/** The audience of Better Auth's own session cookie: no verifier accepts it. */
const sessionCacheAudience = "better-auth:session-cache";

/** @throws ConfigurationError for options that cannot be right */
export function checkOptions(options: CountersignOptions): IssuerPolicy {
  const { issuer, audience, ttlSeconds = 900, key, scope } = options;
  if (!isName(issuer)) {
    throw new ConfigurationError(
      "countersign() needs a fixed issuer: set it to the origin of the web application, such as https://app.example.com.",
    );
  }
  if (!isName(audience) || audience === sessionCacheAudience) {
    throw new ConfigurationError(
      "countersign() needs a fixed audience: set it to the origin of the API, such as https://api.example.com.",
    );
  }
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 60 || ttlSeconds > 604_800) {
    throw new ConfigurationError("ttlSeconds must be a whole number of seconds from 60 to 604800 (7 days).");
  }
  if (key !== undefined) checkKey(key, "COUNTERSIGN_KEY");
  return {
    issuer,
    audience,
    ttlSeconds,
    key,
    scope: scope === undefined ? undefined : scopeText(scope),
    definePayload: options.definePayload ?? (() => ({})),
    onEvent: options.onEvent ?? (() => {}),
    clock: options.clock ?? systemClock,
  };
}

/** RFC 6749 §3.3: scopes are visible ASCII without quotation mark and backslash, separated by one space. */
function scopeText(scope: string | readonly string[]): string {
  const text = typeof scope === "string" ? scope : scope.join(" ");
  if (/^[!#-[\]-~]+( [!#-[\]-~]+)*$/.test(text)) return text;
  throw new ConfigurationError("scope must list scopes such as tasks:read, separated by single spaces.");
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value === value.trim();
}
