import { isPrivateOnItsWay, readAddress } from "./address.ts";
import { ConfigurationError } from "./errors.ts";
import { sharedKeyOptions } from "./key-settings.ts";
import type { VerifierOptions } from "./verifier-options.ts";

/** Settings by name, as in `process.env`. A blank one counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `process.env`; empty where the platform has none. */
export function processEnvironment(): Environment {
  return globalThis.process?.env ?? {};
}

/**
 * Options of a verifier from `BETTER_AUTH_URL` (or `NEXT_PUBLIC_APP_URL`), `API_AUDIENCE` (or `NEXT_PUBLIC_API_URL`),
 * `JWKS_URL` and the settings of {@link sharedKeyOptions}, of which `JWKS_URL` alone needs none.
 *
 * @throws ConfigurationError with one sentence that says what to do.
 */
export function verifierOptionsFromEnvironment(
  environment: Environment = processEnvironment(),
): VerifierOptions {
  const jwksUrl = keySetAddress(environment);
  const shared = {
    WATCHWORD_KEY: setting(environment, "WATCHWORD_KEY"),
    WATCHWORD_KEYS: setting(environment, "WATCHWORD_KEYS"),
    BETTER_AUTH_SECRET: setting(environment, "BETTER_AUTH_SECRET"),
    BETTER_AUTH_SECRETS: setting(environment, "BETTER_AUTH_SECRETS"),
  };
  const publishedOnly = jwksUrl !== undefined && Object.values(shared).every((one) => one === undefined);
  return {
    issuer: issuerFromEnvironment(environment),
    audience: audienceFromEnvironment(environment),
    ...(publishedOnly ? {} : sharedKeyOptions(shared)),
    ...(jwksUrl !== undefined && { jwksUrl }),
  };
}

/** `iss` of every token: the origin of `BETTER_AUTH_URL`, else `NEXT_PUBLIC_APP_URL`, else `http://localhost:<WEB_PORT>`. */
export function issuerFromEnvironment(environment: Environment = processEnvironment()): string {
  return (
    originOf(environment, "BETTER_AUTH_URL") ??
    originOf(environment, "NEXT_PUBLIC_APP_URL") ??
    `http://localhost:${port(environment, "WEB_PORT", 3000)}`
  );
}

/** `aud` of API tokens: `API_AUDIENCE`, else the origin of `NEXT_PUBLIC_API_URL`, else `http://localhost:<API_PORT>`. */
export function audienceFromEnvironment(environment: Environment = processEnvironment()): string {
  return (
    setting(environment, "API_AUDIENCE")?.trim() ??
    originOf(environment, "NEXT_PUBLIC_API_URL") ??
    `http://localhost:${port(environment, "API_PORT", 8000)}`
  );
}

/** Where public keys are published. What is fetched in the clear from elsewhere could be anybody's keys: `ALLOW_HTTP` changes nothing. */
function keySetAddress(environment: Environment): string | undefined {
  const text = setting(environment, "JWKS_URL")?.trim();
  if (text === undefined) return undefined;
  const url = readAddress(text);
  if (url !== undefined && isPrivateOnItsWay(url)) return text;
  throw new ConfigurationError(
    "JWKS_URL must be an https: address, or an http: address on this machine, without a user name, such as https://app.example.com/api/auth/jwks",
  );
}

/** One setting as it is; `undefined` when it is absent or blank. */
export function setting(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}

function originOf(environment: Environment, name: string): string | undefined {
  return addressOf(environment, name)?.origin;
}

/** @throws ConfigurationError for what is no address, and for one to which tokens would travel in the clear. */
export function addressOf(environment: Environment, name: string): URL | undefined {
  const text = setting(environment, name)?.trim();
  if (text === undefined) return undefined;
  const url = readAddress(text);
  if (url === undefined) {
    throw new ConfigurationError(`${name} is not an address. Set it to one such as https://app.example.com`);
  }
  const insecure = !isPrivateOnItsWay(url);
  if (insecure && environment.NODE_ENV === "production" && setting(environment, "ALLOW_HTTP") !== "1") {
    throw new ConfigurationError(
      `${name} is an http: address outside of this machine. Use https:, or set ALLOW_HTTP=1 to send tokens in the clear.`,
    );
  }
  return url;
}

function port(environment: Environment, name: string, fallback: number): number {
  const text = setting(environment, name)?.trim() ?? String(fallback);
  const value = Number(text);
  if (/^[0-9]{1,5}$/.test(text) && value >= 1 && value <= 65_535) return value;
  throw new ConfigurationError(`${name} is not a port. Set it to a number from 1 to 65535.`);
}
