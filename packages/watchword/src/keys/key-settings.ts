import { ConfigurationError } from "../errors.ts";
import { checkKey, checkSecret } from "./keys.ts";

/** The settings that hold shared keys; a blank one counts as absent. */
export interface KeySettings {
  readonly WATCHWORD_KEY?: string | undefined;
  /** `new,old` */
  readonly WATCHWORD_KEYS?: string | undefined;
  readonly BETTER_AUTH_SECRET?: string | undefined;
  /** `2:new,1:old`, as Better Auth reads it. */
  readonly BETTER_AUTH_SECRETS?: string | undefined;
}

/** What verifies: keys as they are, and secrets that keys are derived from. */
export interface SharedKeyOptions {
  readonly key?: string | readonly string[];
  readonly secret?: string | readonly string[];
}

/**
 * `WATCHWORD_KEY` stands alone; `WATCHWORD_KEYS` is a rotation, in which what is beside it verifies too; without
 * either the secrets do. The order is that of the settings: new before old.
 *
 * @throws ConfigurationError that names the setting, and an entry by its place; a value is never quoted.
 */
export function sharedKeyOptions(settings: KeySettings): SharedKeyOptions {
  const { WATCHWORD_KEY: only, WATCHWORD_KEYS: list } = settings;
  if (only !== undefined) checkKey(only, "WATCHWORD_KEY");
  if (only !== undefined && list === undefined) return { key: only };
  const secrets = secretsOf(settings);
  if (list !== undefined) {
    const keys = entries(list).map((key, index) =>
      checked(checkKey, key, `WATCHWORD_KEYS, entry ${index + 1},`),
    );
    const secret = secrets.length === 0 ? {} : { secret: secrets };
    return { key: only === undefined ? keys : [...keys, only], ...secret };
  }
  const [first] = secrets;
  if (first === undefined) {
    throw new ConfigurationError(
      "BETTER_AUTH_SECRET is not set. Set it to at least 32 random characters, the same for the web application and the API, for example from: openssl rand -base64 32",
    );
  }
  return { secret: secrets.length === 1 ? first : secrets };
}

function secretsOf({
  BETTER_AUTH_SECRET: single,
  BETTER_AUTH_SECRETS: list,
}: KeySettings): readonly string[] {
  const numbered = list === undefined ? [] : entries(list).map(numberedSecret);
  const versions = new Set(numbered.map(({ version }) => version));
  if (versions.size < numbered.length) {
    throw new ConfigurationError(
      "BETTER_AUTH_SECRETS names one version twice. Give every entry its own number.",
    );
  }
  if (single !== undefined) checkSecret(single, "BETTER_AUTH_SECRET");
  return [...numbered.map(({ secret }) => secret), ...(single === undefined ? [] : [single])];
}

function numberedSecret(entry: string, index: number): { version: number; secret: string } {
  const name = `BETTER_AUTH_SECRETS, entry ${index + 1},`;
  const [, version, secret] = /^([0-9]{1,9}):\s*(.*)$/s.exec(entry) ?? [];
  if (version === undefined || secret === undefined) {
    throw new ConfigurationError(`${name} is not of the form <number>:<secret>, as in: 2:new,1:old`);
  }
  return { version: Number(version), secret: checked(checkSecret, secret, name) };
}

function entries(list: string): readonly string[] {
  return list.split(",").map((entry) => entry.trim());
}

function checked(check: (value: string, name: string) => void, value: string, name: string): string {
  check(value, name);
  return value;
}
