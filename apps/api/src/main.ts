import { ConfigurationError, createVerifier, systemClock } from "countersign";
import { pino } from "pino";
import { createApp } from "./app.ts";
import { configurationFrom } from "./configuration.ts";
import { eraseUser } from "./database/erasure.ts";
import { openDatabase } from "./database/open.ts";
import { createApiServer } from "./http/server.ts";
import { revocationFeed } from "./revocation.ts";
import { shutDownOnSignal } from "./shutdown.ts";

const logger = pino({
  base: null,
  messageKey: "event",
  timestamp: () => `,"time":"${new Date().toISOString()}"`,
  formatters: { level: (label) => ({ level: label }) },
});

try {
  await start();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  stop(error.message);
}

async function start(): Promise<void> {
  const configuration = configurationFrom(process.env);
  const { host, port, corsOrigins, authFailuresPerMinute } = configuration;
  const clock = systemClock;
  const database = await openDatabase(configuration.databaseFolder, clock);
  const erase = (userId: string) => eraseUser(database, userId);
  const revocation =
    configuration.revocation && revocationFeed(configuration.revocation, { clock, logger, erase });
  const verifier = createVerifier({ ...configuration.verifier, ...(revocation && { revocation }) });
  const server = createApiServer(
    createApp({ verifier, database, revocation, corsOrigins, authFailuresPerMinute, clock, logger }),
  );
  server.on("error", (error: NodeJS.ErrnoException) => stop(listenFault(error.code, host, port)));
  server.listen(port, host, () => logger.info({ host, port }, "listening"));
  revocation?.start();
  shutDownOnSignal({ server, database, revocation, logger });
}

function listenFault(code: string | undefined, host: string, port: number): string {
  if (code === "EADDRINUSE")
    return `Port ${port} is in use: stop what listens there or set API_PORT to another port.`;
  if (code === "EACCES")
    return `Port ${port} may not be opened by this user: set API_PORT to a port above 1023.`;
  return `The address ${host} cannot be listened on: set HOST to an address of this machine.`;
}

/** Ends the process with one sentence for the person who started it. */
function stop(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
