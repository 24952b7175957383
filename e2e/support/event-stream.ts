import { type Answer, type Beginning, type HeaderLines, RawConnection, requestBytes } from "./raw-request.ts";

/** One event of a stream (WHATWG HTML §9.2). */
export interface StreamEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** An open stream of events. Comments and `retry` are read and kept apart. */
export class EventStream {
  readonly answer: Answer;
  readonly #connection: RawConnection;
  readonly #beginning: Beginning;
  readonly #decoder = new TextDecoder();
  #text = "";
  #ended = false;
  #retry: number | undefined;

  private constructor(connection: RawConnection, beginning: Beginning) {
    this.#connection = connection;
    this.#beginning = beginning;
    this.answer = beginning.answer;
  }

  /** Asks for a stream. A refusal is read whole: it is the answer, and there are no events. */
  static async open(origin: string, target: string, headers: HeaderLines): Promise<EventStream | Answer> {
    const connection = await RawConnection.open(origin);
    connection.send(
      requestBytes({ method: "GET", target, headers: [["Host", new URL(origin).host], ...headers] }),
    );
    const beginning = await connection.beginning();
    if (beginning.answer.status === 200) return new EventStream(connection, beginning);
    const parts: Buffer[] = [];
    const length = Number(beginning.answer.header("content-length") ?? Number.NaN);
    for (let got = 0; Number.isNaN(length) || got < length; ) {
      const part = await beginning.piece(5000);
      if (part === undefined) break;
      parts.push(part);
      got += part.length;
    }
    connection.close();
    const text = Buffer.concat(parts).toString("utf8");
    return { ...beginning.answer, body: Buffer.concat(parts), text, json: () => JSON.parse(text) as unknown };
  }

  /** Milliseconds after which a browser opens the stream again, as the stream has said. */
  get retry(): number | undefined {
    return this.#retry;
  }

  /** The next event; undefined at the end of the stream; fails when none comes in time. */
  async next(withinMilliseconds: number): Promise<StreamEvent | undefined> {
    const deadline = Date.now() + withinMilliseconds;
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        const event = this.#read(block);
        if (event !== undefined) return event;
        continue;
      }
      if (this.#ended) return undefined;
      const piece = await this.#beginning.piece(Math.max(1, deadline - Date.now()));
      if (piece === undefined) this.#ended = true;
      else this.#text += this.#decoder.decode(piece, { stream: true });
    }
  }

  #read(block: string): StreamEvent | undefined {
    const fields = new Map<string, string[]>();
    for (const line of block.split("\n")) {
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const [name, value] = [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
      fields.set(name, [...(fields.get(name) ?? []), value]);
    }
    const retry = fields.get("retry")?.at(-1);
    if (retry !== undefined) this.#retry = Number(retry);
    const data = fields.get("data");
    if (data === undefined) return undefined;
    return {
      id: fields.get("id")?.at(-1),
      event: fields.get("event")?.at(-1) ?? "message",
      data: data.join("\n"),
    };
  }

  close(): void {
    this.#connection.close();
  }
}
