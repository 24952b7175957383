import { isPrivateOnItsWay, readAddress } from "./address.ts";
import { ConfigurationError } from "./errors.ts";
import { sharedKeyOptions } from "./key-settings.ts";
import type { VerifierOptions } from "./verifier-options.ts";

/** Settings by name, as in `process.env`. A blank one counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Options of a verifier from `BETTER_AUTH_URL` (or `NEXT_PUBLIC_APP_URL`), `API_AUDIENCE` (or `NEXT_PUBLIC_API_URL`) and
 * the settings of {@link sharedKeyOptions}.
 *
 * @throws ConfigurationError with one sentence that says what to do.
 */
export function verifierOptionsFromEnvironment(environment: Environment): VerifierOptions {
  return {
    issuer: issuerFromEnvironment(environment),
    audience: audienceFromEnvironment(environment),
    ...sharedKeyOptions({
      COUNTERSIGN_KEY: setting(environment, "COUNTERSIGN_KEY"),
      COUNTERSIGN_KEYS: setting(environment, "COUNTERSIGN_KEYS"),
      BETTER_AUTH_SECRET: setting(environment, "BETTER_AUTH_SECRET"),
      BETTER_AUTH_SECRETS: setting(environment, "BETTER_AUTH_SECRETS"),
    }),
  };
}

/** `iss` of every token: the origin of `BETTER_AUTH_URL`, else `NEXT_PUBLIC_APP_URL`, else `http://localhost:<WEB_PORT>`. */
export function issuerFromEnvironment(environment: Environment): string {
  return (
    originOf(environment, "BETTER_AUTH_URL") ??
    originOf(environment, "NEXT_PUBLIC_APP_URL") ??
    `http://localhost:${port(environment, "WEB_PORT", 3000)}`
  );
}

/** `aud` of API tokens: `API_AUDIENCE`, else the origin of `NEXT_PUBLIC_API_URL`, else `http://localhost:<API_PORT>`. */
export function audienceFromEnvironment(environment: Environment): string {
  return (
    setting(environment, "API_AUDIENCE")?.trim() ??
    originOf(environment, "NEXT_PUBLIC_API_URL") ??
    `http://localhost:${port(environment, "API_PORT", 8000)}`
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
