import { ConfigurationError } from "watchword";
import { prepareAuth, releaseAuth } from "./auth.ts";
import { closing } from "./closing.ts";
import { log } from "./log.ts";

/**
 * How long what is under way may take once the server is told to stop, in milliseconds. Connections that a browser has opened in
 * advance and never used would otherwise hold it up for a minute: Next.js waits for them, too.
 */
const graceMilliseconds = 5_000;

/** Exit codes of a process that a signal has ended, as Next.js gives them. */
const exitCodes = { SIGTERM: 143, SIGINT: 130 } as const;

/**
 * Checks the settings and brings the auth tables up to date.
 * Settings that cannot be right end the process with one sentence on stderr and exit code 1.
 */
export async function start(): Promise<void> {
  try {
    await prepareAuth();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
  if (process.env["ALLOW_HTTP"]?.trim() === "1") log("WARN", "watchword.http.allowed");
  // Next.js ends the process once it has answered everything: its own listeners are the ones that stop the server.
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => letGo(exitCodes[signal]));
}

/** Ends what is held open and would not end by itself: APIs that wait for revocations, pages that follow changes, unused connections. */
function letGo(exitCode: number): void {
  closing().abort();
  void releaseAuth();
  setTimeout(() => process.exit(exitCode), graceMilliseconds).unref();
}
