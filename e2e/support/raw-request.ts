import { connect, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";

/** Header lines as name and value, in the order and case in which they stand on the wire. Repetition is allowed. */
export type HeaderLines = readonly (readonly [name: string, value: string])[];

/** A request exactly as it goes over the wire. Text is written as Latin-1, so any byte can be expressed. */
export interface RawRequest {
  readonly method: string;
  /** The request target, byte for byte: nothing is normalised or encoded. */
  readonly target: string;
  readonly headers: HeaderLines;
  readonly body?: Uint8Array | string | undefined;
}

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: HeaderLines;
  readonly body: Buffer;
  /** The body as UTF-8 text. */
  readonly text: string;
  /** All values of a header, by name in any case. */
  all(name: string): readonly string[];
  /** The only value of a header; absent → undefined; several → an error. */
  header(name: string): string | undefined;
  /** The body parsed as JSON. */
  json(): unknown;
}

/** An answer whose body has not come yet. */
export interface Beginning {
  /** Status and headers; the body is empty. */
  readonly answer: Answer;
  /** The next piece of the body, undefined at its end; fails when none comes in time. */
  piece(withinMilliseconds: number): Promise<Buffer | undefined>;
}

/** The peer ended the connection before a whole answer had come. */
export class ConnectionClosed extends Error {}

const headEnd = Buffer.from("\r\n\r\n");
const defaultTimeoutMilliseconds = 15_000;

function answerOf(status: number, headers: HeaderLines, body: Buffer): Answer {
  const all = (name: string): readonly string[] =>
    headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  return {
    status,
    headers,
    body,
    text: body.toString("utf8"),
    all,
    header(name) {
      const values = all(name);
      if (values.length > 1) throw new Error(`The answer has ${values.length} ${name} headers.`);
      return values[0];
    },
    json() {
      return JSON.parse(body.toString("utf8")) as unknown;
    },
  };
}

/** One TCP connection on which requests are written as bytes and answers are read one after another. */
export class RawConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #ended = false;
  readonly #interim: number[] = [];
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    socket.on("end", end);
    socket.on("close", end);
    socket.on("error", end);
  }

  static async open(origin: string): Promise<RawConnection> {
    const { hostname, port, protocol } = new URL(origin);
    const secure = protocol === "https:";
    const address = { host: hostname, port: Number(port || (secure ? 443 : 80)) };
    const socket = secure
      ? connectSecurely({ ...address, servername: hostname })
      : connect({ ...address, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once(secure ? "secureConnect" : "connect", resolve);
      socket.once("error", reject);
    });
    return new RawConnection(socket);
  }

  /** Writes bytes; text as Latin-1. Writing to a connection that the peer has closed is no error. */
  send(data: Uint8Array | string): void {
    if (this.#socket.writable)
      this.#socket.write(typeof data === "string" ? Buffer.from(data, "latin1") : data);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Whether the peer has ended the connection. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Reads the next final answer (interim 1xx answers are passed over). `bodiless` for the answer to a HEAD. */
  async answer(bodiless = false, timeoutMilliseconds = defaultTimeoutMilliseconds): Promise<Answer> {
    const deadline = Date.now() + timeoutMilliseconds;
    const { status, headers, value } = await this.#head(deadline);
    let body: Buffer = Buffer.alloc(0);
    // A stream of events has no end: its head is the answer.
    const endless = value("content-type")?.startsWith("text/event-stream") ?? false;
    if (!bodiless && !endless && status !== 204 && status !== 304) {
      const length = value("content-length");
      if (value("transfer-encoding")?.toLowerCase() === "chunked") body = await this.#chunks(deadline);
      else if (length !== undefined) body = await this.#bytes(Number(length), deadline);
      else body = await this.#rest(deadline);
    }
    return answerOf(status, headers, body);
  }

  /** Reads the head of an answer whose body comes in pieces without an end that is known. */
  async beginning(timeoutMilliseconds = defaultTimeoutMilliseconds): Promise<Beginning> {
    const { status, headers, value } = await this.#head(Date.now() + timeoutMilliseconds);
    const chunked = value("transfer-encoding")?.toLowerCase() === "chunked";
    return {
      answer: answerOf(status, headers, Buffer.alloc(0)),
      piece: async (milliseconds) => await this.#piece(chunked, Date.now() + milliseconds),
    };
  }

  async #head(deadline: number) {
    for (;;) {
      const end = await this.#find(headEnd, deadline);
      const [statusLine = "", ...lines] = this.#take(end + headEnd.length)
        .toString("latin1")
        .trimEnd()
        .split("\r\n");
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(statusLine)?.[1] ?? Number.NaN);
      if (Number.isNaN(status)) throw new Error(`Not an HTTP/1.1 status line: ${JSON.stringify(statusLine)}`);
      this.#interim.push(status);
      if (status >= 100 && status < 200) continue;
      const headers = lines.map((line): readonly [string, string] => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      });
      const value = (name: string) => headers.find(([key]) => key.toLowerCase() === name)?.[1];
      return { status, headers, value };
    }
  }

  /** The statuses of all answers so far, interim ones included. */
  get statuses(): readonly number[] {
    return this.#interim;
  }

  /** The next piece of a body; undefined at its end. */
  async #piece(chunked: boolean, deadline: number): Promise<Buffer | undefined> {
    try {
      if (!chunked) {
        if (this.#received.length === 0) await this.#more(deadline);
        return this.#take(this.#received.length);
      }
      const line = Buffer.from("\r\n");
      const size = Number.parseInt(this.#take((await this.#find(line, deadline)) + 2).toString("latin1"), 16);
      const part = await this.#bytes(size + 2, deadline);
      return size === 0 ? undefined : part.subarray(0, size);
    } catch (error) {
      if (error instanceof ConnectionClosed) return undefined;
      throw error;
    }
  }

  #take(count: number): Buffer {
    const taken = this.#received.subarray(0, count);
    this.#received = this.#received.subarray(count);
    return taken;
  }

  async #more(deadline: number): Promise<void> {
    if (this.#ended) throw new ConnectionClosed("The connection ended before the answer was whole.");
    const remaining = deadline - Date.now();
    if (remaining <= 0) throw new Error("No whole answer came in time.");
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, remaining);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #find(mark: Buffer, deadline: number): Promise<number> {
    for (;;) {
      const at = this.#received.indexOf(mark);
      if (at >= 0) return at;
      await this.#more(deadline);
    }
  }

  async #bytes(count: number, deadline: number): Promise<Buffer> {
    while (this.#received.length < count) await this.#more(deadline);
    return this.#take(count);
  }

  async #rest(deadline: number): Promise<Buffer> {
    while (!this.#ended) await this.#more(deadline);
    return this.#take(this.#received.length);
  }

  async #chunks(deadline: number): Promise<Buffer> {
    const line = Buffer.from("\r\n");
    const parts: Buffer[] = [];
    for (;;) {
      const size = Number.parseInt(this.#take((await this.#find(line, deadline)) + 2).toString("latin1"), 16);
      const part = await this.#bytes(size + 2, deadline);
      if (size === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, size));
    }
  }
}

/** The bytes of a request. `Content-Length` is added where there is a body and neither length nor chunking is given. */
export function requestBytes(request: RawRequest): Buffer {
  const body = typeof request.body === "string" ? Buffer.from(request.body, "utf8") : request.body;
  const framed = request.headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  const lines = [
    `${request.method} ${request.target} HTTP/1.1`,
    ...request.headers.map(([name, value]) => `${name}: ${value}`),
    ...(body !== undefined && !framed ? [`Content-Length: ${body.length}`] : []),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), body ?? Buffer.alloc(0)]);
}

/** Sends one request on a connection of its own and returns the answer. */
export async function exchange(origin: string, request: RawRequest): Promise<Answer> {
  const connection = await RawConnection.open(origin);
  try {
    const named = request.headers.some(([name]) => name.toLowerCase() === "host");
    const headers: HeaderLines = [
      ...(named ? [] : [["Host", new URL(origin).host] as const]),
      ["Connection", "close"],
      ...request.headers,
    ];
    connection.send(requestBytes({ ...request, headers }));
    return await connection.answer(request.method === "HEAD");
  } finally {
    connection.close();
  }
}
