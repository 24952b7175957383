import type { Clock, Identity } from "watchword";
import type { Progress, TaskChange } from "./changes.ts";

/** Why the server ends a stream. */
export type EndReason = "expired" | "revoked" | "replaced" | "shutdown";

export interface WatcherOptions {
  identity: Identity;
  /** The number after which the listener wants to go on; `null` for what happens from now on. */
  known: number | null;
  clock: Clock;
  pollMilliseconds: number;
  /** What happened after a number; `null` asks for the newest number only. */
  read(known: number | null): Promise<Progress>;
  /** Whether a fault of reading will pass. */
  isPassing(error: unknown): boolean;
  /** Called once when the stream is over, with the fault that ended it, if any. */
  onClose(watcher: TaskWatcher, fault: unknown): void;
  /** Cuts the connection of a listener that does not read. */
  drop(): void;
}

const retryMilliseconds = 1000;
const keepAliveSeconds = 15;
const maxUnreadBytes = 262_144;
const utf8 = new TextEncoder();

/**
 * One listener to the tasks of one user, as a stream of server-sent events. It reads on from the number it knows, when it
 * is woken and at every poll, so that changes of other processes arrive too.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class TaskWatcher {
  readonly identity: Identity;
  readonly body: ReadableStream<Uint8Array>;
  readonly #options: WatcherOptions;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #known: number | null;
  #isReady = false;
  #isWoken = false;
  #endPause: () => void = () => undefined;
  #lastSentAt: number;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#known = options.known;
    this.#lastSentAt = options.clock.now();
    this.identity = options.identity;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => this.#close(),
      },
      { highWaterMark: maxUnreadBytes, size: (chunk) => chunk?.byteLength ?? 0 },
    );
  }

  /** Sends what there is. Afterwards the stream goes on by itself until it is ended, cancelled, or its token expires. */
  async begin(): Promise<void> {
    try {
      const first = await this.#options.read(this.#known);
      this.#send(`retry: ${retryMilliseconds}\n\n`);
      this.#tell(first);
    } catch (error) {
      this.#close(error);
      throw error;
    }
    void this.#run();
  }

  /** Something may have happened. */
  wake(): void {
    this.#isWoken = true;
    this.#endPause();
  }

  /** Says why and ends the stream. */
  end(reason: EndReason): void {
    this.#send(eventText("end", { reason }));
    const controller = this.#controller;
    this.#close();
    controller?.close();
  }

  async #run(): Promise<void> {
    const { clock, read, isPassing, drop } = this.#options;
    while (this.#controller !== undefined) {
      if (clock.now() >= this.identity.expiresAt) return this.end("expired");
      try {
        this.#isWoken = false;
        const progress = await read(this.#known);
        const isMore = this.#tell(progress);
        if (isMore) continue;
      } catch (error) {
        if (!isPassing(error)) {
          this.#close(error);
          return drop();
        }
      }
      if (clock.now() - this.#lastSentAt >= keepAliveSeconds) this.#send(": keep-alive\n\n");
      await this.#pause();
    }
  }

  /** @returns whether there is more to read at once. */
  #tell({ newest, changes, lost }: Progress): boolean {
    if (lost) {
      this.#send(eventText("reset", {}, newest));
      this.#known = newest;
      this.#isReady = true;
      return false;
    }
    for (const change of changes) this.#send(changeText(change));
    this.#known = changes.at(-1)?.id ?? this.#known ?? newest;
    if (this.#known < newest) return true;
    if (!this.#isReady) this.#send(eventText("ready", {}, this.#known));
    this.#isReady = true;
    return false;
  }

  async #pause(): Promise<void> {
    if (this.#isWoken || this.#controller === undefined) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#options.pollMilliseconds);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #send(text: string): void {
    if (this.#controller === undefined) return;
    this.#lastSentAt = this.#options.clock.now();
    this.#controller.enqueue(utf8.encode(text));
    if ((this.#controller.desiredSize ?? 0) >= 0) return;
    this.#close();
    this.#options.drop();
  }

  #close(fault?: unknown): void {
    if (this.#controller === undefined) return;
    this.#controller = undefined;
    this.#endPause();
    this.#options.onClose(this, fault);
  }
}

function changeText({ id, kind, taskId, task }: TaskChange): string {
  return eventText(kind, { task_id: taskId, task }, id);
}

function eventText(event: string, data: object, id?: number): string {
  const idLine = id === undefined ? "" : `id: ${id}\n`;
  return `${idLine}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
