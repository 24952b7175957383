import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { inTurn } from "../../src/http/turns.ts";
import { until } from "../until.ts";

let server: Server;
let client: Socket;
afterEach(() => {
  client.destroy();
  server.close();
});

/** Sends so many requests in one piece to a server that answers each by `serve`. */
async function send(
  requests: number,
  serve: (outgoing: ServerResponse, path: string) => void,
): Promise<void> {
  server = createServer(inTurn((incoming, outgoing) => serve(outgoing, incoming.url ?? "")));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.on("error", () => undefined);
  const paths = Array.from({ length: requests }, (_, index) => `/${index}`);
  client.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(""));
}

it("requests that were sent together begin one after another, each when the one before is answered", async () => {
  const happened: string[] = [];
  await send(3, (outgoing, path) => {
    happened.push(`begin ${path}`);
    setTimeout(() => {
      happened.push(`end ${path}`);
      outgoing.end(path);
    }, 20);
  });
  client.resume();
  await until(() => happened.length === 6);
  expect(happened).toEqual(["begin /0", "end /0", "begin /1", "end /1", "begin /2", "end /2"]);
});

it("a client that does not read its answer gets no second one made", async () => {
  let begun = 0;
  await send(50, (outgoing) => {
    begun += 1;
    // More than the kernel keeps for a client that does not read.
    outgoing.end(Buffer.alloc(32 * 1024 * 1024));
  });
  await once(server, "request");
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(begun).toBe(1);
});
