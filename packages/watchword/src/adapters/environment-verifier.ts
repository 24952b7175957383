import { createVerifier } from "../feed/create-verifier.ts";
import type { ClosableVerifier, Verifier } from "../token/verify.ts";

/** A server of Node, as far as it matters here: it tells when it has closed. */
interface ClosingServer {
  once(event: "close", listener: () => void): unknown;
}

/** A socket of Node's server; `server` is absent where a framework hands over something else. */
export interface ServerSocket {
  readonly server?: ClosingServer | null | undefined;
}

interface EnvironmentVerifier {
  readonly verifier: ClosableVerifier;
  /** The servers that it has verified requests of and that have not closed yet. */
  readonly servers: Set<ClosingServer>;
}

/** On the global object, since bundlers may load this module several times and each would follow the feed. */
const slot: unique symbol = Symbol.for("watchword.environmentVerifier") as never;
const process = globalThis as { [slot]?: EnvironmentVerifier | undefined };

/**
 * The verifier that all routes without one share: made from the environment at the first request. The revocation feed that
 * it follows ends with the last of its servers, so that the process can end.
 *
 * @param socket the request's socket, where the framework shows it.
 * @throws ConfigurationError when the environment cannot be right; the next request tries again.
 */
export function environmentVerifier(socket?: ServerSocket): Verifier {
  process[slot] ??= { verifier: createVerifier(), servers: new Set() };
  const shared = process[slot];
  const server = socket?.server;
  if (server && !shared.servers.has(server)) {
    shared.servers.add(server);
    server.once("close", () => release(shared, server));
  }
  return shared.verifier;
}

function release(shared: EnvironmentVerifier, server: ClosingServer): void {
  shared.servers.delete(server);
  if (shared.servers.size > 0) return;
  if (process[slot] === shared) process[slot] = undefined;
  void shared.verifier.close();
}
