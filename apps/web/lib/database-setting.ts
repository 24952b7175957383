import { ConfigurationError } from "watchword";
import { databaseFolder } from "./database-folder.ts";

/** Where users and sessions are kept, as `DATABASE_URL` says it. */
export type DatabaseSetting =
  | { readonly kind: "sqlite" /** Absolute path; holds `auth.sqlite`. */; readonly folder: string }
  | {
      readonly kind: "postgres";
      /** Holds the password: it goes to the driver and nowhere else. */
      readonly url: string;
      /** Connections of this process at most. */
      readonly poolSize: number;
    };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads `DATABASE_URL` (`file:` and a folder, or `postgres://`) and `DATABASE_POOL_SIZE` (1 to 1000, default 10).
 * @throws ConfigurationError that never quotes the address: it may hold a password.
 */
export function databaseSetting(env: Environment): DatabaseSetting {
  const url = env["DATABASE_URL"]?.trim() || "file:./data";
  const poolSize = poolSizeFrom(env["DATABASE_POOL_SIZE"]?.trim() || "10");
  if (!/^postgres(?:ql)?:/i.test(url)) return { kind: "sqlite", folder: databaseFolder(url) };
  if (!URL.canParse(url) || !/^[^:]+:\/\//.test(url)) {
    throw new ConfigurationError(
      "DATABASE_URL is no valid address: write it like postgres://user:password@host:5432/database, with special characters in the password percent-encoded.",
    );
  }
  return { kind: "postgres", url, poolSize };
}

function poolSizeFrom(text: string): number {
  const size = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= 1000) return size;
  throw new ConfigurationError("DATABASE_POOL_SIZE must be a whole number from 1 to 1000.");
}
