import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A request as it arrived. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

export interface LocalServer {
  readonly origin: string;
  readonly arrived: Arrived[];
}

/** A real HTTP server on this machine that records what arrives; it ends with the test. */
export async function localServer(
  answer: (request: Arrived, response: ServerResponse) => void,
): Promise<LocalServer> {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const one = await read(request);
    arrived.push(one);
    answer(one, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrived };
}

async function read(request: IncomingMessage): Promise<Arrived> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    authorization: request.headers.authorization,
    contentType: request.headers["content-type"],
    body: Buffer.concat(chunks).toString(),
  };
}
