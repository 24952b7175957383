import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Api } from "./operations.ts";
import { reduceTarget } from "./raw-target.ts";
import { afterOthers, inTurn } from "./turns.ts";
import { answerConnect, answerUnparsed } from "./unparsed-request.ts";

const serverOptions = {
  /** In bytes. Room for a path and a token of 8192 bytes each, so that both get their own answer. */
  maxHeaderSize: 65_536,
  /** In milliseconds. */
  headersTimeout: 15_000,
  /** In milliseconds. */
  requestTimeout: 30_000,
  requireHostHeader: false,
};

/**
 * The HTTP server around the application. It settles what no library may decide: the raw request target, the Host field
 * (which takes no part in any decision), `Expect`, and requests that are not HTTP.
 */
export function createApiServer(api: Api): Server {
  const refusedTargets = new WeakSet<object>();
  const listener = getRequestListener((request, { incoming, outgoing }) => {
    const refusedAs = refusedTargets.has(incoming) ? "not_found" : undefined;
    return api.fetch(request, { incoming, outgoing, refusedAs });
  });
  const serve = inTurn((incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const target = reduceTarget(incoming.url ?? "");
    if (target === null) refusedTargets.add(incoming);
    incoming.url = target ?? "/";
    incoming.headers.host = "localhost";
    void listener(incoming, outgoing);
  });

  const server = createServer(serverOptions, serve);
  server.on("checkContinue", (incoming, outgoing) => {
    outgoing.setHeader("Connection", "close");
    serve(incoming, outgoing);
  });
  server.on("checkExpectation", serve);
  server.on("clientError", (error, socket) => afterOthers(socket, () => answerUnparsed(api, error, socket)));
  server.on("connect", (_incoming, socket) => afterOthers(socket, () => answerConnect(api, socket)));
  return server;
}
