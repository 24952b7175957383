import { isPrivateOnItsWay, readAddress } from "./address.ts";
import { ConfigurationError } from "./errors.ts";
import { checkKey, checkSecret } from "./keys.ts";
import type { VerifierOptions } from "./verifier-options.ts";

/** Settings by name, as in `process.env`. A blank one counts as absent. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Options of a verifier from `BETTER_AUTH_URL` (or `NEXT_PUBLIC_APP_URL`), `API_AUDIENCE` (or `NEXT_PUBLIC_API_URL`)
 * and `COUNTERSIGN_KEY`, else `BETTER_AUTH_SECRET`. With `COUNTERSIGN_KEY` set, `BETTER_AUTH_SECRET` is not used.
 *
 * @throws ConfigurationError with one sentence that says what to do.
 */
export function verifierOptionsFromEnvironment(environment: Environment): VerifierOptions {
  const issuer = issuerFromEnvironment(environment);
  const audience = audienceFromEnvironment(environment);
  const key = setting(environment, "COUNTERSIGN_KEY");
  if (key !== undefined) {
    checkKey(key, "COUNTERSIGN_KEY");
    return { issuer, audience, key };
  }
  const secret = setting(environment, "BETTER_AUTH_SECRET");
  if (secret === undefined) {
    throw new ConfigurationError(
      "BETTER_AUTH_SECRET is not set. Set it to at least 32 random characters, the same for the web application and the API, for example from: openssl rand -base64 32",
    );
  }
  checkSecret(secret, "BETTER_AUTH_SECRET");
  return { issuer, audience, secret };
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

function setting(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}

function originOf(environment: Environment, name: string): string | undefined {
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
  return url.origin;
}

function port(environment: Environment, name: string, fallback: number): number {
  const text = setting(environment, name)?.trim() ?? String(fallback);
  const value = Number(text);
  if (/^[0-9]{1,5}$/.test(text) && value >= 1 && value <= 65_535) return value;
  throw new ConfigurationError(`${name} is not a port. Set it to a number from 1 to 65535.`);
}
