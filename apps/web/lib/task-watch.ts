import type { Task } from "@watchword/todo-client";
import { AuthenticationError, AuthorizationError, NotFoundError } from "watchword/client";
import { readEvents, type ServerEvent } from "./event-stream.ts";

/** A change of one task; `task` is its state now, `null` when it is gone. */
export interface TaskChange {
  readonly taskId: number;
  readonly task: Task | null;
}

interface TaskWatchOptions {
  /** Opens the stream from behind the change with this id on; `null` from now on. */
  readonly open: (lastEventId: string | null, signal: AbortSignal) => Promise<Response>;
  readonly onChange: (change: TaskChange) => void;
  /** Changes may have been missed: everything has to be read again. */
  readonly onReset: () => void;
  /** The token was refused. */
  readonly onRefused: () => void;
  /** Waits between two attempts, in milliseconds; ends early when the signal fires. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** Where a watch goes on after a pause. */
export class TaskWatch {
  readonly #options: TaskWatchOptions;
  #lastEventId: string | null = null;

  constructor(options: TaskWatchOptions) {
    this.#options = options;
  }

  /**
   * Follows the user's changes until `signal` fires or going on makes no sense. A stream that ends is opened again, from
   * where it ended, with longer and longer pauses while that fails.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { wait = pause } = this.#options;
    let failures = 0;
    while (!signal.aborted) {
      const end = await this.#follow(signal);
      if (end === "stop" || signal.aborted) return;
      failures = end === "failed" ? failures + 1 : 0;
      // Jitter, so that the tabs of many users do not come back at the same moment after a restart.
      const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, failures - 1));
      if (end !== "expired") await wait(longest * (0.5 + Math.random() / 2), signal);
    }
  }

  async #follow(signal: AbortSignal): Promise<"expired" | "ended" | "failed" | "stop"> {
    const { open, onRefused } = this.#options;
    let heard = false;
    try {
      const response = await open(this.#lastEventId, signal);
      if (!response.body) return "failed";
      for await (const event of readEvents(response.body)) {
        heard = true;
        const end = this.#handle(event);
        if (end) return end;
      }
      return heard ? "ended" : "failed";
    } catch (error) {
      if (signal.aborted) return "stop";
      if (error instanceof AuthenticationError) onRefused();
      const final =
        error instanceof AuthenticationError ||
        error instanceof AuthorizationError ||
        error instanceof NotFoundError;
      if (final) return "stop";
      return heard ? "ended" : "failed";
    }
  }

  #handle({ event, data, id }: ServerEvent): "expired" | "ended" | "stop" | undefined {
    const { onChange, onReset } = this.#options;
    const first = this.#lastEventId === null;
    if (id) this.#lastEventId = id;
    if (event === "end") return endOf(data);
    // The list may have been read before the stream began.
    if (event === "reset" || (event === "ready" && first)) onReset();
    if (event === "created" || event === "updated" || event === "deleted") {
      const { task_id: taskId, task } = JSON.parse(data) as { task_id: number; task: Task | null };
      onChange({ taskId, task });
    }
    return undefined;
  }
}

function endOf(data: string): "expired" | "ended" | "stop" {
  const { reason } = JSON.parse(data) as { reason?: string };
  if (reason === "expired") return "expired";
  // Twenty newer streams of the same user: coming back would end one of those.
  return reason === "replaced" ? "stop" : "ended";
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done, { once: true });
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
  });
}
