import type { Server } from "node:http";
import type { RevocationFeed } from "watchword";
import type { Database } from "./database/open.ts";
import type { Log } from "./log.ts";
import type { TaskWatchers } from "./tasks/watchers.ts";

const sweepMilliseconds = 50;
const graceMilliseconds = 10_000;

export interface RunningService {
  server: Server;
  database: Database;
  watchers: TaskWatchers;
  revocation: RevocationFeed | undefined;
  log: Log;
}

/**
 * On SIGTERM or SIGINT: lets go of the feed, takes no new connection, ends live streams, lets running requests finish for
 * up to 10 s, ends idle keep-alive connections, closes the database, and lets the process end with code 0. A second signal
 * changes nothing.
 */
export function shutDownOnSignal(service: RunningService): void {
  let stopping = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (!stopping) void shutDown(service).then(() => process.exit(0));
      stopping = true;
    });
  }
}

async function shutDown({ server, database, watchers, revocation, log }: RunningService): Promise<void> {
  log.info("watchword.server.stopping");
  // Requests that still run look into what is known; the issuer need not hold a request for this process any more.
  const following = revocation?.close();
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMilliseconds);
  const grace = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  watchers.shutDown();
  await closed;
  clearInterval(sweep);
  clearTimeout(grace);
  await following;
  await database.close();
  log.info("watchword.server.stopped");
}
