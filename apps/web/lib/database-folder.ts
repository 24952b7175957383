import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigurationError } from "watchword";

/**
 * The folder that a `file:` setting names: `file:./data` is relative to the working directory, `file:///a%20b` is a URL.
 * @throws ConfigurationError for any other form.
 */
export function databaseFolder(value: string): string {
  if (!value.startsWith("file:")) {
    throw new ConfigurationError(
      "DATABASE_URL must be file: and a folder, such as file:./data, or the address of a PostgreSQL database, such as postgres://user:password@host/database.",
    );
  }
  if (!value.startsWith("file://"))
    return path.resolve(/* turbopackIgnore: true */ value.slice("file:".length) || ".");
  try {
    return fileURLToPath(new URL(value));
  } catch {
    throw new ConfigurationError(
      "DATABASE_URL is no valid file: URL; write it like file:///var/lib/watchword.",
    );
  }
}

/**
 * Makes the folder where it is missing.
 * @throws ConfigurationError when it cannot be made or written.
 */
export function prepareDatabaseFolder(folder: string): void {
  try {
    makeFolder(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    throw new ConfigurationError(
      `The folder ${folder} cannot be written; make it writable or set DATABASE_URL to another one.`,
    );
  }
}

/** Not `mkdirSync(folder, { recursive: true })`: under /proc that never returns. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
}
