import { describe, expect, it } from "vitest";
import type { Identity } from "watchword";
import { fixedClock } from "watchword/testing";
import type { Progress } from "../../src/tasks/changes.ts";
import { TaskWatcher } from "../../src/tasks/watcher.ts";
import { until } from "../until.ts";

const identity = { userId: "ada", expiresAt: 900 } as Identity;
const largeTask = { title: "t", description: "d".repeat(2000) } as never;

function watcherOf(read: (known: number | null) => Promise<Progress>) {
  const closed: unknown[] = [];
  let isDropped = false;
  const watcher = new TaskWatcher({
    identity,
    known: 0,
    clock: fixedClock(0),
    pollMilliseconds: 1,
    read,
    isPassing: (error) => error instanceof Error && error.message === "passing",
    onClose: (_watcher, fault) => closed.push(fault),
    drop: () => {
      isDropped = true;
    },
  });
  return { watcher, closed, isDropped: () => isDropped };
}

describe("a listener", () => {
  it("that does not read is dropped when 256 KiB wait for it, not sooner", async () => {
    let sent = 0;
    const { watcher, closed, isDropped } = watcherOf(async (known) => {
      const id = (known ?? 0) + 1;
      sent = id;
      return { newest: id, changes: [{ id, kind: "updated", taskId: 1, task: largeTask }], lost: false };
    });
    await watcher.begin();
    await until(isDropped);
    expect(closed).toEqual([undefined]);
    expect(sent).toBeGreaterThan(110);
    expect(sent).toBeLessThan(140);
    const until256KiB = sent;
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toBe(until256KiB);
  });

  it("outlasts a fault of the database that passes", async () => {
    let reads = 0;
    const { watcher, closed } = watcherOf(async () => {
      reads += 1;
      if (reads > 1 && reads < 4) throw new Error("passing");
      return { newest: 0, changes: [], lost: false };
    });
    await watcher.begin();
    await until(() => reads > 4);
    expect(closed).toEqual([]);
    watcher.end("shutdown");
    expect(closed).toEqual([undefined]);
  });

  it("is dropped at any other fault, which is handed on", async () => {
    const fault = new Error("broken");
    let reads = 0;
    const { watcher, closed, isDropped } = watcherOf(async () => {
      reads += 1;
      if (reads > 1) throw fault;
      return { newest: 0, changes: [], lost: false };
    });
    await watcher.begin();
    await until(isDropped);
    expect(closed).toEqual([fault]);
  });

  it("is not begun when the first reading fails", async () => {
    const { watcher, closed } = watcherOf(async () => {
      throw new Error("passing");
    });
    await expect(watcher.begin()).rejects.toThrow("passing");
    expect(closed).toHaveLength(1);
  });

  it("that falls behind what is kept is told to load the list again", async () => {
    let reads = 0;
    const { watcher } = watcherOf(async () => {
      reads += 1;
      return reads === 1
        ? { newest: 0, changes: [], lost: false }
        : { newest: 2000, changes: [], lost: reads === 2 };
    });
    await watcher.begin();
    await until(() => reads > 2);
    watcher.end("shutdown");
    expect(await new Response(watcher.body).text()).toBe(
      'retry: 1000\n\nid: 0\nevent: ready\ndata: {}\n\nid: 2000\nevent: reset\ndata: {}\n\nevent: end\ndata: {"reason":"shutdown"}\n\n',
    );
  });
});
