import type { Session, User } from "better-auth";
import { withoutSlash } from "../address.ts";
import { type Clock, systemClock } from "../clock.ts";
import { ConfigurationError } from "../errors.ts";
import { checkKey, checkSecret } from "../keys/keys.ts";
import type { AuditEvent } from "./audit.ts";
import { checkKeyOptions, type KeyOptions, type KeyPolicy } from "./keys/key-options.ts";
import {
  checkProtection,
  type ProtectionOptions,
  type ProtectionPolicy,
} from "./protection/protection-options.ts";

/** Claims that only the plugin writes (`contract/defaults.json`, `registered_claims`). */
export const registeredClaims = ["iss", "aud", "sub", "iat", "exp", "nbf", "jti", "sid"] as const;

/**
 * Claims that mean something to Better Auth in a JWT under its raw secret: its e-mail verification takes them for its own.
 */
export const rawSecretClaims = ["email", "updateTo", "session", "user", "requestType"] as const;

/** Claims of your own. TypeScript and the endpoint both refuse the registered ones. */
export type OwnClaims = Readonly<Record<string, unknown>> & {
  readonly [claim in (typeof registeredClaims)[number]]?: never;
};

/** Whose token is made. The session comes without its `token`: that is the cookie's value and opens the account. */
export interface PayloadInput {
  readonly user: Readonly<User & Record<string, unknown>>;
  readonly session: Readonly<Omit<Session, "token"> & Record<string, unknown>>;
  /** `aud` of the token that is made; `null` where it has none. */
  readonly audience: string | null;
}

/** One more API that tokens can be asked for: `GET /token?audience=`. */
export interface AudienceOptions {
  /** Life of its tokens in seconds, 60 to 604800. Default: the plugin's. */
  readonly ttlSeconds?: number | undefined;
  /** `scope` of its tokens. Default none: an API does not get what another one is given. */
  readonly scope?: string | readonly string[] | undefined;
  /** `WATCHWORD_KEY` of this API, when its tokens shall not be signed with the key derived for this audience. */
  readonly key?: string | undefined;
}

/** Which roles of Better Auth's plugins become claims. */
export interface RoleOptions {
  /** `role` of the user (admin plugin) as the claim `role`. Default true. */
  readonly user?: boolean | undefined;
  /**
   * Roles in the session's active organization (organization plugin) as the claim `roles`, each with the prefix, and the
   * organization's id as `organization_id`. Default false. The prefix keeps an organization's `admin` from passing for
   * the site's; default `organization:`.
   */
  readonly organization?: boolean | { readonly prefix: string } | undefined;
  /** Scopes that a role grants beyond `scope`, by the text in `role` or `roles`. */
  readonly scopes?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

/** The revocation feed of the issuer. */
export interface RevocationOptions {
  /**
   * `WATCHWORD_FEED_SECRET`, at least 32 characters: opens the feed for verifiers that have no shared key. Needed in
   * public-key mode.
   */
  readonly feedSecret?: string | undefined;
  /**
   * How far the clocks of this issuer's replicas may differ, in whole seconds, 0 to 30. Default 1. After a password
   * change the same user's next token waits that long and up to a second.
   */
  readonly replicaClockSkewSeconds?: number | undefined;
  /** Fields of the user whose change revokes the user's tokens. Default `["role"]`. A ban and a deletion always do. */
  readonly userFields?: readonly string[] | undefined;
  /**
   * The longest life, in seconds, that any token out there was given: set it when you shorten `ttlSeconds`, until the
   * longer-lived tokens are gone. Default: the longest of the configured lives.
   */
  readonly longestTtlSeconds?: number | undefined;
}

/** Options of the plugin. Defaults are those of `contract/defaults.json`. */
export type WatchwordOptions = CommonOptions & (AudienceOption | RawSecretOption);

/** The usual case: each API has an audience, and a key of its own. */
interface AudienceOption {
  /**
   * `aud` of a token that is asked for without `audience`: a fixed string, usually the origin of the API. An origin is written
   * without a slash at its end.
   */
  readonly audience: string;
  readonly unsafeRawSecret?: false | undefined;
}

/** For a backend that already verifies with `BETTER_AUTH_SECRET` itself and cannot be changed. */
interface RawSecretOption {
  /** Default `null`: tokens carry no `aud`. */
  readonly audience?: string | null | undefined;
  /**
   * Signs with `BETTER_AUTH_SECRET` itself. Tokens carry no `kid` and no `aud`, and `user_id` and `sessionId` beside `sub`
   * and `sid`. They carry none of `email`, `updateTo`, `session`, `user` and `requestType`: with `email` a token would pass
   * for an email verification. Any reader of such a backend's secret can make sessions.
   */
  readonly unsafeRawSecret: true;
}

interface CommonOptions {
  /** `iss` of every token: a fixed text, usually the origin of `BETTER_AUTH_URL`. Never taken from a request. */
  readonly issuer: string;
  /** Life of a token in seconds: a whole number from 60 to 604800 (7 days). Default 900. */
  readonly ttlSeconds?: number | undefined;
  /**
   * `WATCHWORD_KEY` of `audience`, when its tokens shall not be signed with the key derived from Better Auth's current
   * secret. Further audiences have their own, in `audiences`.
   */
  readonly key?: string | undefined;
  /** `scope` of every token (RFC 8693 §4.2): a text, or a list of scopes that is joined by spaces. Default none. */
  readonly scope?: string | readonly string[] | undefined;
  /** Further audiences by name, beside `audience`. */
  readonly audiences?: Readonly<Record<string, AudienceOptions>> | undefined;
  readonly roles?: RoleOptions | undefined;
  /** Public-key mode: tokens are signed with a key pair, and `/jwks` publishes the public half. Default: shared secret. */
  readonly keys?: KeyOptions | undefined;
  /** The revocation feed, `GET /revocations`. Default off. */
  readonly revocation?: boolean | RevocationOptions | undefined;
  /** What the plugin closes in Better Auth itself ({@link ProtectionOptions}). Default: on with `revocation`. */
  readonly protect?: boolean | ProtectionOptions | undefined;
  /** Where tokens are given out, under Better Auth's base path. Default `/token`. Needed beside Better Auth's own `jwt()`. */
  readonly tokenPath?: string | undefined;
  /**
   * Further claims. May replace or (with `undefined`) leave out `email`, `name`, `role`, `roles`, `scope`. A registered
   * claim, or the session's token anywhere in it, makes the endpoint answer 500 `INVALID_CLAIMS`, and the log names the
   * claim. An APIError that it throws is answered as it is.
   */
  readonly definePayload?: ((input: PayloadInput) => OwnClaims | Promise<OwnClaims>) | undefined;
  /** Called for every event of the audit trail. What it throws is logged and changes nothing. */
  readonly onEvent?: ((event: AuditEvent) => void | Promise<void>) | undefined;
  /** Where the time of `iat`, `exp` and the session's expiry comes from. */
  readonly clock?: Clock | undefined;
}

/** What tokens for one audience are like. */
export interface AudiencePolicy {
  readonly name: string | null;
  readonly ttlSeconds: number;
  readonly scopes: readonly string[];
  /** An independent key; `undefined` where the key is derived. */
  readonly key: string | undefined;
}

/** Which roles become claims, every default filled in. */
export interface RolePolicy {
  readonly user: boolean;
  /** `undefined` when the organization's roles stay out. */
  readonly organizationPrefix: string | undefined;
  readonly scopes: ReadonlyMap<string, readonly string[]>;
}

/** The feed, every default filled in. */
export interface RevocationPolicy {
  readonly feedSecret: string | undefined;
  readonly replicaClockSkewSeconds: number;
  readonly userFields: readonly string[];
  readonly longestTtlSeconds: number;
}

/** The options once checked, every default filled in. */
export interface IssuerPolicy {
  readonly issuer: string;
  /** The first is the one that is meant where a request names none. */
  readonly audiences: readonly [AudiencePolicy, ...AudiencePolicy[]];
  readonly longestTtlSeconds: number;
  readonly keys: KeyPolicy | undefined;
  readonly roles: RolePolicy;
  readonly revocation: RevocationPolicy | undefined;
  readonly protection: ProtectionPolicy;
  readonly tokenPath: string;
  readonly rawSecret: boolean;
  readonly definePayload: (input: PayloadInput) => OwnClaims | Promise<OwnClaims>;
  readonly onEvent: (event: AuditEvent) => void | Promise<void>;
  readonly clock: Clock;
}

/** Where tokens are given out when the options do not say. */
export const defaultTokenPath = "/token";

/** The audience of Better Auth's own session cookie: no verifier accepts it. */
const sessionCacheAudience = "better-auth:session-cache";

/** @throws ConfigurationError for options that cannot be right */
export function checkOptions(options: WatchwordOptions): IssuerPolicy {
  const { unsafeRawSecret: rawSecret = false, tokenPath = defaultTokenPath } = options;
  const issuer = withoutSlash(options.issuer);
  if (!isName(issuer)) {
    throw new ConfigurationError(
      "watchword() needs a fixed issuer: set it to the origin of the web application, such as https://app.example.com.",
    );
  }
  if (typeof rawSecret !== "boolean") throw new ConfigurationError("unsafeRawSecret must be true or false.");
  const audiences = checkAudiences(options);
  const longestTtlSeconds = Math.max(...audiences.map(({ ttlSeconds }) => ttlSeconds));
  const keys = checkKeyOptions(options.keys);
  if (rawSecret && (keys !== undefined || audiences.some(({ key }) => key !== undefined))) {
    throw new ConfigurationError(
      "unsafeRawSecret signs with BETTER_AUTH_SECRET alone: leave out key and keys.",
    );
  }
  if (!/^(\/[A-Za-z0-9_-]+)+$/.test(tokenPath)) {
    throw new ConfigurationError("tokenPath must be a path such as /api-token.");
  }
  return {
    issuer,
    audiences,
    longestTtlSeconds,
    keys,
    roles: checkRoles(options.roles ?? {}),
    revocation: checkRevocation(options, longestTtlSeconds),
    protection: checkProtection(options.protect ?? (options.revocation ?? false) !== false),
    tokenPath,
    rawSecret,
    definePayload: options.definePayload ?? (() => ({})),
    onEvent: options.onEvent ?? (() => {}),
    clock: options.clock ?? systemClock,
  };
}

function checkAudiences(options: WatchwordOptions): readonly [AudiencePolicy, ...AudiencePolicy[]] {
  const { audiences = {}, ttlSeconds = 900, key } = options;
  const audience = typeof options.audience === "string" ? withoutSlash(options.audience) : null;
  const mayBeAbsent = audience === null && options.unsafeRawSecret === true;
  if (!mayBeAbsent) checkAudienceName(audience);
  checkLife(ttlSeconds, "ttlSeconds");
  const more = Object.entries(audiences).map(
    ([written, { ttlSeconds: life = ttlSeconds, scope, key: own }]) => {
      const name = withoutSlash(written);
      checkAudienceName(name);
      if (name === audience) {
        throw new ConfigurationError("audiences names the audience that audience names already.");
      }
      checkLife(life, "ttlSeconds of an audience");
      return { name, ttlSeconds: life, scopes: scopeWords(scope, "scope of an audience"), key: own };
    },
  );
  checkAudienceKeys([key, ...more.map((further) => further.key)]);
  return [{ name: audience, ttlSeconds, scopes: scopeWords(options.scope, "scope"), key }, ...more];
}

/** A key that two APIs share lets each of them make tokens for the other. */
function checkAudienceKeys(keys: readonly (string | undefined)[]): void {
  const independent = keys.filter((key) => key !== undefined);
  for (const key of independent) checkKey(key, "WATCHWORD_KEY");
  if (new Set(independent).size === independent.length) return;
  throw new ConfigurationError("Two audiences have the same WATCHWORD_KEY. Give each API a key of its own.");
}

function checkAudienceName(name: unknown): void {
  if (isName(name) && name !== sessionCacheAudience) return;
  throw new ConfigurationError(
    "watchword() needs a fixed audience: set it to the origin of the API, such as https://api.example.com.",
  );
}

function checkLife(ttlSeconds: number, name: string): void {
  checkWhole(ttlSeconds, name, 60, 604_800, "seconds from 60 to 604800 (7 days)");
}

function checkWhole(value: number, name: string, min: number, max: number, range: string): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new ConfigurationError(`${name} must be a whole number of ${range}.`);
}

function checkRoles({ user = true, organization = false, scopes = {} }: RoleOptions): RolePolicy {
  const prefix = organization === true ? "organization:" : organization ? organization.prefix : undefined;
  if (prefix !== undefined && !isName(prefix)) {
    throw new ConfigurationError(
      "roles.organization needs a prefix, such as organization:, so that an organization's admin is not the site's.",
    );
  }
  const granted = Object.entries(scopes).map(
    ([role, words]) => [role, scopeWords(words, "roles.scopes")] as const,
  );
  return { user, organizationPrefix: prefix, scopes: new Map(granted) };
}

function checkRevocation(options: WatchwordOptions, longest: number): RevocationPolicy | undefined {
  const { revocation = false, keys } = options;
  if (revocation === false) return undefined;
  const given: RevocationOptions = revocation === true ? {} : revocation;
  const {
    feedSecret,
    replicaClockSkewSeconds = 1,
    userFields = ["role"],
    longestTtlSeconds = longest,
  } = given;
  if (feedSecret !== undefined) checkSecret(feedSecret, "WATCHWORD_FEED_SECRET");
  if (feedSecret === undefined && keys !== undefined && keys.signing !== false) {
    throw new ConfigurationError(
      "In public-key mode the revocation feed needs WATCHWORD_FEED_SECRET: set revocation.feedSecret to at least 32 random characters, the same for issuer and verifiers.",
    );
  }
  checkWhole(replicaClockSkewSeconds, "replicaClockSkewSeconds", 0, 30, "seconds from 0 to 30");
  checkWhole(longestTtlSeconds, "longestTtlSeconds", longest, 604_800, `seconds from ${longest} to 604800`);
  return { feedSecret, replicaClockSkewSeconds, userFields, longestTtlSeconds };
}

/** RFC 6749 §3.3: scopes are visible ASCII without quotation mark and backslash, separated by one space. */
const scopeText = /^[!#-[\]-~]+( [!#-[\]-~]+)*$/;

function scopeWords(scope: string | readonly string[] | undefined, name: string): readonly string[] {
  if (scope === undefined) return [];
  const text = typeof scope === "string" ? scope : scope.join(" ");
  if (scopeText.test(text)) return [...new Set(text.split(" "))];
  throw new ConfigurationError(`${name} must list scopes such as tasks:read, separated by single spaces.`);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value === value.trim();
}
