import { createConnection, type Socket } from "node:net";

/** How many requests are under way at once on one connection. */
const depth = 32;

/** Sends `times` pipelined requests over one connection and waits for as many answers, all of them 200. */
export function pipelined(
  port: number,
  path: string,
  tokens: readonly string[],
  times: number,
): Promise<void> {
  const requestOf = (index: number) =>
    `GET ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${tokens[index % tokens.length]}\r\n\r\n`;
  return new Promise((resolve, reject) => {
    let [sent, answered, rest] = [0, 0, ""];
    const socket: Socket = createConnection(port, "127.0.0.1");
    const send = () => {
      let text = "";
      for (; sent < times && sent - answered < depth; sent += 1) text += requestOf(sent);
      if (text !== "") socket.write(text);
    };
    socket.setNoDelay(true);
    socket.on("connect", send);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`${path}: the connection closed after ${answered} answers.`)));
    socket.on("data", (data) => {
      const text = rest + data.toString("latin1");
      const parts = text.split("HTTP/1.1 ");
      // The last status may still be cut off.
      const complete = parts.slice(1).filter((part) => part.length >= 3);
      const bad = complete.find((part) => !part.startsWith("200"));
      if (bad !== undefined) {
        socket.destroy(new Error(`${path} answered ${bad.slice(0, 200)}`));
        return;
      }
      answered += complete.length;
      const last = parts.at(-1) ?? "";
      rest =
        parts.length > 1 && last.length < 3
          ? `HTTP/1.1 ${last}`
          : (text.slice(-8).match(/H[TP/1. ]*$/)?.[0] ?? "");
      if (answered < times) {
        // In halves, so that there is always something under way.
        if (sent - answered <= depth / 2) send();
        return;
      }
      socket.removeAllListeners("close");
      socket.destroy();
      resolve();
    });
  });
}
