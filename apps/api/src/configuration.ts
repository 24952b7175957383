import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  ConfigurationError,
  type Environment,
  type FeedOptions,
  feedOptionsFromEnvironment,
  issuerFromEnvironment,
  type VerifierOptions,
  verifierOptionsFromEnvironment,
} from "watchword";
import { type ModelSetting, modelSettingFrom } from "./chat/model-setting.ts";
import type { DatabaseLocation } from "./database/open.ts";

/** Everything this process is told from outside. */
export interface Configuration {
  verifier: VerifierOptions;
  /** Where the issuer tells what it revoked; absent where nobody asks. */
  revocation: FeedOptions | undefined;
  /** Address and port to listen on. */
  host: string;
  port: number;
  database: DatabaseLocation;
  corsOrigins: readonly string[];
  authFailuresPerMinute: number;
  /** `SHOW_VERIFICATION=1`: answers tell accepted callers how their token was verified. */
  showVerification: boolean;
  /** The language model of the assistant, if there is one. */
  model: ModelSetting | null;
}

/**
 * Reads the settings; a blank one counts as absent.
 *
 * @throws ConfigurationError with one sentence that says what to do.
 */
export function configurationFrom(environment: Environment): Configuration {
  return {
    verifier: verifierOptionsFromEnvironment(environment),
    revocation: feedOptionsFromEnvironment(environment, "feed"),
    host: setting(environment, "HOST") ?? "127.0.0.1",
    port: integer(environment, "API_PORT", { fallback: 8000, minimum: 1, maximum: 65_535 }),
    database: databaseLocationOf(environment),
    corsOrigins: originsOf(setting(environment, "CORS_ORIGINS") ?? issuerFromEnvironment(environment)),
    authFailuresPerMinute: integer(environment, "AUTH_FAILURES_PER_MINUTE", {
      fallback: 300,
      minimum: 1,
      maximum: 1_000_000,
    }),
    showVerification:
      integer(environment, "SHOW_VERIFICATION", { fallback: 0, minimum: 0, maximum: 1 }) === 1,
    model: modelSettingFrom(environment),
  };
}

/** The embedded database in a folder, or a PostgreSQL server. `DATABASE_POOL_SIZE` is PostgreSQL's alone. */
function databaseLocationOf(environment: Environment): DatabaseLocation {
  const url = setting(environment, "DATABASE_URL") ?? "file:./data";
  const poolSize = integer(environment, "DATABASE_POOL_SIZE", { fallback: 10, minimum: 1, maximum: 1000 });
  if (url.startsWith("file:")) return { store: "sqlite", folder: folderOf(url) };
  if (/^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url)) return { store: "postgres", url, poolSize };
  throw unusableDatabaseUrl();
}

/** `file:<path>` is a path as written, from the working directory; `file://…` is a URL. */
function folderOf(url: string): string {
  const path = url.startsWith("file://") ? pathOfFileUrl(url) : url.slice("file:".length);
  if (path === "") throw unusableDatabaseUrl();
  return resolve(path);
}

/** The address may hold a password, so it is not quoted. */
function unusableDatabaseUrl(): ConfigurationError {
  return new ConfigurationError(
    "DATABASE_URL names no database: set it to file:<folder>, such as file:./data, or to postgres://<user>:<password>@<host>/<database>.",
  );
}

function pathOfFileUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return "";
  }
}

function originsOf(list: string): string[] {
  const origins = list.split(",").map((origin) => origin.trim());
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin && /^https?:/.test(origin)) continue;
    throw new ConfigurationError(
      "CORS_ORIGINS holds something that is not an origin: list origins such as https://app.example.com, without a path or a trailing slash, separated by commas.",
    );
  }
  return origins;
}

function integer(
  environment: Environment,
  name: string,
  { fallback, minimum, maximum }: { fallback: number; minimum: number; maximum: number },
): number {
  const text = setting(environment, name) ?? String(fallback);
  const value = Number(text);
  if (/^[0-9]{1,9}$/.test(text) && value >= minimum && value <= maximum) return value;
  throw new ConfigurationError(
    `${name} is not usable: set it to a whole number from ${minimum} to ${maximum}.`,
  );
}

function setting(environment: Environment, name: string): string | undefined {
  return environment[name]?.trim() || undefined;
}
