import { connect } from "node:net";

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Every value of a header, in order. `name` in lower case. */
  header(name: string): string[];
  readonly body: string;
  /** Head and body, one character per byte. */
  readonly text: string;
}

/**
 * One request over a socket of its own, exactly as written: no client library reads, joins or mends it.
 *
 * @param target one character per byte, as every value of the headers.
 */
export async function exchange(
  port: number,
  target: string,
  headers: readonly (readonly [string, string])[],
): Promise<RawAnswer> {
  const lines = [
    `GET ${target} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Connection: close",
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  const socket = connect(port, "127.0.0.1");
  socket.write(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return parse(Buffer.concat(chunks).toString("latin1"));
}

function parse(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const pairs = lines.map((line) => [
    line.slice(0, line.indexOf(":")).toLowerCase(),
    line.slice(line.indexOf(":") + 1).trim(),
  ]);
  const header = (name: string) => pairs.filter(([key]) => key === name).map(([, value = ""]) => value);
  const content = text.slice(end + 4);
  const body = header("transfer-encoding").includes("chunked") ? withoutChunks(content) : content;
  return {
    status: Number(statusLine.split(" ")[1]),
    header,
    body: Buffer.from(body, "latin1").toString("utf8"),
    text,
  };
}

/** The content of a chunked body (RFC 9112 §7.1). */
function withoutChunks(content: string): string {
  const [size = ""] = content.split("\r\n", 1);
  const length = Number.parseInt(size, 16);
  const start = size.length + 2;
  if (!(length > 0)) return "";
  return content.slice(start, start + length) + withoutChunks(content.slice(start + length + 2));
}
