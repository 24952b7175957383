import { ConfigurationError, createVerifier, systemClock } from "watchword";
import { createApp } from "./app.ts";
import { askModelAt } from "./chat/model.ts";
import { configurationFrom } from "./configuration.ts";
import { openDatabase } from "./database/open.ts";
import { createApiServer } from "./http/server.ts";
import { JsonLog } from "./log.ts";
import { revocationFeed } from "./revocation.ts";
import { shutDownOnSignal } from "./shutdown.ts";
import { TaskWatchers } from "./tasks/watchers.ts";

const log = new JsonLog();
// A log that nobody reads any more is no reason to stop.
process.stdout.on("error", () => undefined);

try {
  await start();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  stop(error.message);
}

async function start(): Promise<void> {
  const configuration = configurationFrom(process.env);
  if (process.env["ALLOW_HTTP"]?.trim() === "1") log.warn("watchword.http.allowed");
  const { host, port, corsOrigins, authFailuresPerMinute, showVerification, model } = configuration;
  const askModel = model && askModelAt(model);
  const clock = systemClock;
  const database = await openDatabase(configuration.database, clock, log);
  const erase = (userId: string) => database.owned.erase(userId);
  const revocation =
    configuration.revocation && revocationFeed(configuration.revocation, { clock, log, erase });
  const verifier = createVerifier({
    ...configuration.verifier,
    ...(revocation && { revocation }),
    onEvent: (event) => log.audit(event),
  });
  const watchers = new TaskWatchers({ database, revocation, clock, log });
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
      log,
    }),
  );
  server.on("error", (error: NodeJS.ErrnoException) => stop(listenFault(error.code, host, port)));
  server.listen(port, host, () =>
    log.info("watchword.server.listening", { "server.address": host, "server.port": port }),
  );
  revocation?.start();
  shutDownOnSignal({ server, database, watchers, revocation, log });
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
