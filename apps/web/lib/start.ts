import { ConfigurationError } from "countersign";
import { prepareAuth, releaseAuth } from "./auth.ts";
import { closing } from "./closing.ts";

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
  // Next.js ends the process once it has answered everything: its own listeners are the ones that stop the server.
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, letGo);
}

/** Ends what is held open and would not end by itself: APIs that wait for revocations, and pages that follow changes. */
function letGo(): void {
  closing().abort();
  void releaseAuth();
}
