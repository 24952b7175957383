import { until } from "./until.ts";

/** One block of an event stream; a block without an event has no name. */
export interface StreamEvent {
  id?: string;
  event?: string;
  data?: string;
}

/** Reads an event stream as it comes. */
export class EventReader {
  readonly headers: Headers;
  readonly #abort: AbortController;
  #text = "";
  #isOver = false;

  private constructor(response: Response, abort: AbortController) {
    this.headers = response.headers;
    this.#abort = abort;
    void this.#read(response).catch(() => undefined);
  }

  static async open(url: string, headers: Record<string, string>): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    if (response.status !== 200) throw new Error(`The stream was answered with ${response.status}.`);
    return new EventReader(response, abort);
  }

  async #read(response: Response): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) this.#text += decoder.decode(chunk, { stream: true });
    this.#isOver = true;
  }

  get #blocks(): string[] {
    return this.#text.split("\n\n").slice(0, -1);
  }

  /** Every block so far. */
  get events(): StreamEvent[] {
    return this.#blocks.map((block) => {
      const event: StreamEvent = {};
      for (const line of block.split("\n")) {
        const [, name, value] = /^(id|event|data): (.*)$/s.exec(line) ?? [];
        if (name !== undefined && value !== undefined) event[name as keyof StreamEvent] = value;
      }
      return event;
    });
  }

  /** Waits until there are this many blocks. */
  async count(blocks: number): Promise<void> {
    await until(() => this.#blocks.length >= blocks);
  }

  /** The text as it came, once there are this many blocks. */
  async text(blocks: number): Promise<string> {
    await this.count(blocks);
    return this.#text;
  }

  /** Everything until the server ends the stream in the regular way. */
  async rest(): Promise<string> {
    await until(() => this.#isOver);
    return this.#text;
  }

  stop(): void {
    this.#abort.abort();
  }
}
