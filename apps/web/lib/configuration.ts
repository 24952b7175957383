import {
  audienceFromEnvironment,
  ConfigurationError,
  checkKey,
  checkSecret,
  feedOptionsFromEnvironment,
  issuerFromEnvironment,
  verifierOptionsFromEnvironment,
} from "watchword";
import { type ApiSetting, apiSetting } from "./api-setting.ts";
import { type TrustedProxies, trustedProxies } from "./client-address.ts";
import { type DatabaseSetting, databaseSetting } from "./database-setting.ts";
import { parseDurationSeconds } from "./duration.ts";
import { type MailSetting, mailSetting } from "./mail-setting.ts";
import { type SocialSetting, socialSetting } from "./social-setting.ts";

/** The settings of the web application, read from the environment when the server starts. */
export interface Configuration {
  /**
   * `BETTER_AUTH_SECRET`: signs sessions, and API tokens are signed with a key derived from it. May be absent beside
   * `BETTER_AUTH_SECRETS`, which Better Auth reads itself and which then signs.
   */
  readonly secret: string | undefined;
  /** `WATCHWORD_KEY`: signs API tokens instead of the derived key. */
  readonly signingKey: string | undefined;
  /** Origin of this application: `iss` of every token. */
  readonly issuer: string;
  /** `aud` of every token. */
  readonly audience: string;
  /** Public address of the API, without a slash at the end. */
  readonly apiUrl: string;
  /** `API_MODE` and `API_URL`: how the browser and this server reach it. */
  readonly api: ApiSetting;
  readonly tokenTtlSeconds: number;
  /** Whether the API learns what was revoked, and `WATCHWORD_FEED_SECRET`, which then opens the feed. */
  readonly revocation: boolean | { readonly feedSecret: string };
  readonly cookieDomain: string | undefined;
  readonly database: DatabaseSetting;
  readonly signInAttemptsPerMinute: number;
  readonly trustedProxies: TrustedProxies;
  readonly mail: MailSetting;
  /** `REQUIRE_EMAIL_VERIFICATION=1`: nobody signs in before their address is confirmed. */
  readonly requireEmailVerification: boolean;
  readonly social: SocialSetting;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks every setting.
 * @throws ConfigurationError with one sentence that says what to change; it never quotes a secret.
 */
export function configurationFromEnvironment(env: Environment): Configuration {
  const issuer = issuerFromEnvironment(env);
  const mail = mailSetting(env, issuer);
  const apiUrl = apiUrlFrom(env);
  return {
    secret: secretFrom(env),
    signingKey: signingKeyFrom(env),
    issuer,
    audience: audienceFromEnvironment(env),
    apiUrl,
    api: apiSetting(env, apiUrl),
    tokenTtlSeconds: tokenTtlFrom(env),
    revocation: revocationFrom(env),
    cookieDomain: cookieDomainFrom(env, issuer),
    database: databaseSetting(env),
    signInAttemptsPerMinute: signInAttemptsFrom(env),
    trustedProxies: trustedProxies(env["TRUSTED_PROXIES"]),
    mail,
    requireEmailVerification: requireEmailVerificationFrom(env, mail),
    social: socialSetting(env),
  };
}

let current: Configuration | undefined;

/** The configuration of this process. `next build` never asks for it. */
export function configuration(): Configuration {
  current ??= configurationFromEnvironment(process.env);
  return current;
}

function setting(env: Environment, name: string): string | undefined {
  return env[name]?.trim() || undefined;
}

function secretFrom(env: Environment): string | undefined {
  // Better Auth would take it where BETTER_AUTH_SECRET is absent, and the API would verify with another key.
  if (setting(env, "AUTH_SECRET")) {
    throw new ConfigurationError("AUTH_SECRET is not supported; remove it and set BETTER_AUTH_SECRET.");
  }
  const { BETTER_AUTH_SECRET: secret, BETTER_AUTH_SECRETS: secrets, WEB_PORT, API_PORT } = env;
  if (!setting(env, "BETTER_AUTH_SECRETS")) checkSecret(secret ?? "", "BETTER_AUTH_SECRET");
  // By the rules of the verifiers, which read the same text.
  else
    verifierOptionsFromEnvironment({
      BETTER_AUTH_SECRET: secret,
      BETTER_AUTH_SECRETS: secrets,
      WEB_PORT,
      API_PORT,
    });
  return setting(env, "BETTER_AUTH_SECRET") && secret;
}

function signingKeyFrom(env: Environment): string | undefined {
  const key = setting(env, "WATCHWORD_KEY");
  if (key) checkKey(key, "WATCHWORD_KEY");
  return key;
}

function apiUrlFrom(env: Environment): string {
  if (env["NODE_ENV"] === "production" && !setting(env, "NEXT_PUBLIC_API_URL")) {
    throw new ConfigurationError(
      "NEXT_PUBLIC_API_URL is not set. A deployed application needs it: set it to the public address of the API.",
    );
  }
  // Without API_AUDIENCE the audience is the origin of the address, held against the rules for public addresses.
  const origin = audienceFromEnvironment({ ...env, API_AUDIENCE: undefined });
  const url = new URL(setting(env, "NEXT_PUBLIC_API_URL") ?? origin);
  if (url.search || url.hash) {
    throw new ConfigurationError(
      "NEXT_PUBLIC_API_URL must not have a query or a fragment; end it with the path.",
    );
  }
  return url.href.replace(/\/+$/, "");
}

function tokenTtlFrom(env: Environment): number {
  const seconds = parseDurationSeconds(setting(env, "TOKEN_TTL") ?? "15m");
  if (seconds === null || seconds < 60 || seconds > 604_800) {
    throw new ConfigurationError("TOKEN_TTL must be a time from 1m to 7d, for example 15m or 900.");
  }
  return seconds;
}

function revocationFrom(env: Environment): Configuration["revocation"] {
  const feed = feedOptionsFromEnvironment(env, "feed");
  return feed?.feedSecret === undefined ? feed !== undefined : { feedSecret: feed.feedSecret };
}

function cookieDomainFrom(env: Environment, issuer: string): string | undefined {
  const domain = setting(env, "COOKIE_DOMAIN")?.replace(/^\./, "").toLowerCase();
  if (!domain) return undefined;
  const host = new URL(issuer).hostname;
  if (host !== domain && !host.endsWith(`.${domain}`)) {
    throw new ConfigurationError(
      `COOKIE_DOMAIN must be ${host} or a parent domain of it; otherwise browsers drop the session cookie.`,
    );
  }
  return domain;
}

function signInAttemptsFrom(env: Environment): number {
  const value = setting(env, "SIGN_IN_ATTEMPTS_PER_MINUTE") ?? "20";
  const attempts = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (attempts < 1) {
    throw new ConfigurationError("SIGN_IN_ATTEMPTS_PER_MINUTE must be a whole number from 1 to 999999.");
  }
  return attempts;
}

function requireEmailVerificationFrom(env: Environment, mail: MailSetting): boolean {
  const value = setting(env, "REQUIRE_EMAIL_VERIFICATION") ?? "0";
  if (value !== "0" && value !== "1") {
    throw new ConfigurationError("REQUIRE_EMAIL_VERIFICATION must be 1 or 0.");
  }
  if (value === "1" && mail.kind === "none") {
    throw new ConfigurationError(
      "REQUIRE_EMAIL_VERIFICATION needs a way to send mail: set SMTP_URL, or nobody could ever sign in.",
    );
  }
  return value === "1";
}
