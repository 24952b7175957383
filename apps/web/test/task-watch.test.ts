import { describe, expect, it } from "vitest";
import { AuthenticationError, NetworkError } from "watchword/client";
import { readEvents } from "../lib/event-stream.ts";
import { type TaskChange, TaskWatch } from "../lib/task-watch.ts";

const stream = (...chunks: string[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });

describe("readEvents", () => {
  const read = async (...chunks: string[]) => {
    const events = [];
    for await (const event of readEvents(stream(...chunks))) events.push(event);
    return events;
  };

  it("reads events, their ids and several lines of data, and passes over comments", async () => {
    expect(
      await read("retry: 1000\n\n: keep-alive\n\nid: 7\nevent: created\ndata: {}\n\ndata: a\ndata:b\n\n"),
    ).toEqual([
      { id: "7", event: "created", data: "{}" },
      { id: "7", event: "message", data: "a\nb" },
    ]);
  });

  it("reads the same whatever the lines end with and wherever the stream is cut, inside a character too", async () => {
    const bytes = new TextEncoder().encode("id: 1\r\nevent: updated\r\ndata: \u00e9\u{1f600}\r\n\r\n");
    const cut = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const events = [];
    for await (const event of readEvents(cut)) events.push(event);
    expect(events).toEqual([{ id: "1", event: "updated", data: "\u00e9\u{1f600}" }]);
  });

  it("gives no event that has not been finished", async () => {
    expect(await read("id: 1\ndata: {}\n")).toEqual([]);
  });
});

describe("TaskWatch", () => {
  /** Opens one prepared stream or failure after the other, and stops the watch after the last. */
  function watch(...answers: (Response | Error)[]) {
    const stop = new AbortController();
    const seen = {
      from: [] as (string | null)[],
      changes: [] as TaskChange[],
      resets: 0,
      refused: 0,
      waits: [] as number[],
    };
    const done = new TaskWatch({
      open: async (lastEventId) => {
        seen.from.push(lastEventId);
        const answer = answers.shift();
        if (!answer) {
          stop.abort();
          throw new NetworkError("none left");
        }
        if (answer instanceof Error) throw answer;
        return answer;
      },
      onChange: (change) => seen.changes.push(change),
      onReset: () => seen.resets++,
      onRefused: () => seen.refused++,
      wait: async (milliseconds) => {
        seen.waits.push(milliseconds);
      },
    }).run(stop.signal);
    return done.then(() => seen);
  }

  const opened = (text: string) => new Response(stream(text));

  it("goes on behind the last change that it saw, and reads everything again only at the first start", async () => {
    const seen = await watch(
      opened('id: 3\nevent: ready\ndata: {}\n\nid: 4\nevent: deleted\ndata: {"task_id":9,"task":null}\n\n'),
      opened("id: 4\nevent: ready\ndata: {}\n\n"),
    );
    expect(seen.from).toEqual([null, "4", "4"]);
    expect(seen.changes).toEqual([{ taskId: 9, task: null }]);
    expect(seen.resets).toBe(1);
  });

  it("reads everything again when the server says so", async () => {
    const seen = await watch(opened("id: 1\nevent: ready\ndata: {}\n\nid: 5000\nevent: reset\ndata: {}\n\n"));
    expect([seen.resets, seen.from]).toEqual([2, [null, "5000"]]);
  });

  it("comes back at once after the token's end", async () => {
    const seen = await watch(
      opened('id: 1\nevent: ready\ndata: {}\n\nid: 1\nevent: end\ndata: {"reason":"expired"}\n\n'),
    );
    expect([seen.waits, seen.from]).toEqual([[], [null, "1"]]);
  });

  it("waits longer and longer while there is no answer, half a minute at most", async () => {
    const seen = await watch(...Array.from({ length: 9 }, () => new NetworkError("down")));
    const longest = [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000];
    expect(seen.waits).toHaveLength(longest.length);
    for (const [index, limit] of longest.entries()) {
      expect(seen.waits[index]).toBeLessThanOrEqual(limit);
      expect(seen.waits[index]).toBeGreaterThanOrEqual(limit / 2);
    }
  });

  it("stops when the token is refused, and says so", async () => {
    const problem = { type: "about:blank", title: "", status: 401, detail: "" };
    const seen = await watch(new AuthenticationError(problem, new Response(null, { status: 401 })));
    expect([seen.refused, seen.from]).toEqual([1, [null]]);
  });

  it("stops when newer streams of the same user have taken its place", async () => {
    const seen = await watch(opened('event: end\ndata: {"reason":"replaced"}\n\n'));
    expect(seen.from).toEqual([null]);
  });
});
