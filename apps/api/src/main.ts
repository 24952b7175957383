import { ConfigurationError, createVerifier, systemClock } from "countersign";
import { pino } from "pino";
import { createApp } from "./app.ts";
import { askModelAt } from "./chat/model.ts";
import { configurationFrom } from "./configuration.ts";
import { openDatabase } from "./database/open.ts";
import { createApiServer } from "./http/server.ts";
import { revocationFeed } from "./revocation.ts";
import { shutDownOnSignal } from "./shutdown.ts";
import { TaskWatchers } from "./tasks/watchers.ts";

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
  const { host, port, corsOrigins, authFailuresPerMinute, showVerification, model } = configuration;
  const askModel = model && askModelAt(model);
  const clock = systemClock;
  const database = await openDatabase(configuration.database, clock, logger);
  const erase = (userId: string) => database.owned.erase(userId);
  const revocation =
    configuration.revocation && revocationFeed(configuration.revocation, { clock, logger, erase });
  const verifier = createVerifier({ ...configuration.verifier, ...(revocation && { revocation }) });
  const watchers = new TaskWatchers({ database, revocation, clock, logger });
  const server = createApiServer(
    createApp({
      verifier,
      database,
      watchers,
      revocation,
      corsOrigins,
      authFailuresPerMinute,
      showVerification,
      askModel,
      clock,
      logger,
    }),
  );
  server.on("error", (error: NodeJS.ErrnoException) => stop(listenFault(error.code, host, port)));
  server.listen(port, host, () => logger.info({ host, port }, "listening"));
  revocation?.start();
  shutDownOnSignal({ server, database, watchers, revocation, logger });
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
