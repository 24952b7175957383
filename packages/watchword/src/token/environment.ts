import { isPrivateOnItsWay, readAddress, withoutSlash } from "../address.ts";
import { ConfigurationError } from "../errors.ts";
import { sharedKeyOptions } from "../keys/key-settings.ts";
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
    // An insecure address was refused above, unless it may be one.
    ...(jwksUrl !== undefined && !isPrivateOnItsWay(new URL(jwksUrl)) && { allowHttp: true }),
  };
}

/**
 * `iss` of every token: the origin of `BETTER_AUTH_URL`, else `NEXT_PUBLIC_APP_URL`, else `http://localhost:<WEB_PORT>`, but not
 * where `NODE_ENV` is `production`.
 */
export function issuerFromEnvironment(environment: Environment = processEnvironment()): string {
  return (
    originOf(environment, "BETTER_AUTH_URL") ??
    originOf(environment, "NEXT_PUBLIC_APP_URL") ??
    localAddress(environment, "BETTER_AUTH_URL", port(environment, "WEB_PORT", 3000))
  );
}

/**
 * `aud` of API tokens: `API_AUDIENCE` (of an address alone without the slash at its end), else the origin of
 * `NEXT_PUBLIC_API_URL`, else `http://localhost:<API_PORT>`, but not where `NODE_ENV` is `production`.
 */
export function audienceFromEnvironment(environment: Environment = processEnvironment()): string {
  return (
    withoutSlash(setting(environment, "API_AUDIENCE")?.trim()) ??
    originOf(environment, "NEXT_PUBLIC_API_URL") ??
    localAddress(environment, "API_AUDIENCE", port(environment, "API_PORT", 8000))
  );
}

/** @throws ConfigurationError in production, where each side would take its own machine for the address */
function localAddress(environment: Environment, name: string, port: number): string {
  if (environment.NODE_ENV !== "production") return `http://localhost:${port}`;
  throw new ConfigurationError(
    `${name} is not set. A deployed application needs it: set it to the same address for the web application and for the API.`,
  );
}

/** Where public keys are published. What is fetched in the clear from elsewhere could be anyone's keys: only `ALLOW_HTTP=1` lets it. */
function keySetAddress(environment: Environment): string | undefined {
  const text = setting(environment, "JWKS_URL")?.trim();
  if (text === undefined) return undefined;
  const url = readAddress(text);
  if (url !== undefined && (isPrivateOnItsWay(url) || setting(environment, "ALLOW_HTTP") === "1"))
    return text;
  throw new ConfigurationError(
    "JWKS_URL must be an https: address, or an http: address on this machine, without a user name, such as https://app.example.com/api/auth/jwks. Set ALLOW_HTTP=1 for http: on another machine.",
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
