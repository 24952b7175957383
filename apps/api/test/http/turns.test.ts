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
  stalledAfter?: number,
): Promise<void> {
  server = createServer(inTurn((incoming, outgoing) => serve(outgoing, incoming.url ?? ""), stalledAfter));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  client.on("error", () => undefined);
  const paths = Array.from({ length: requests }, (_, index) => `/${index}`);
  client.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(""));
}

/** More than the kernel keeps for a client that does not read. */
const much = Buffer.alloc(32 * 1024 * 1024);

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

it("a client that does not read gets no second answer made, and is dropped", async () => {
  let begun = 0;
  let closed = false;
  await send(
    50,
    (outgoing) => {
      begun += 1;
      outgoing.once("close", () => {
        closed = true;
      });
      outgoing.end(much);
    },
    200,
  );
  await until(() => closed);
  expect(begun).toBe(1);
});

it("a client that waits long for its answer is not dropped", async () => {
  await send(1, (outgoing) => void setTimeout(() => outgoing.end("late"), 300), 50);
  const [answer] = (await once(client, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/late$/);
});

it("a client that does not read after a long wait is dropped all the same", async () => {
  let closed = false;
  await send(
    1,
    (outgoing) => {
      outgoing.once("close", () => {
        closed = true;
      });
      setTimeout(() => outgoing.end(much), 300);
    },
    100,
  );
  await until(() => closed);
});
