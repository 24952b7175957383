import { expect, it } from "vitest";
import { ApiCaller, tasksOf } from "../support/api-caller.ts";
import { backendNames, chosenBackends, launchBackend, startBackend } from "../support/backend.ts";
import { describeOwnBackends } from "../support/own-backends.ts";
import { derivedKey } from "../support/token.ts";

describeOwnBackends("what was answered for is kept, whatever ends the process", (own, name) => {
  it("with a port in use it stops with code 1 and one sentence that names the port", async () => {
    await own().start();
    const { port } = own().running;
    const second = await launchBackend(name, own().options({ API_PORT: String(port) }));
    const code = await second.process.exit();
    const stderr = second.process.stderr.trim();
    expect({ code, lines: stderr.split("\n").length }).toEqual({ code: 1, lines: 1 });
    expect(stderr).toContain(String(port));
    expect((await own().api.ask("GET", "/health")).status).toBe(200);
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "on %s it ends with code 0, and the next start finds the data",
    async (signal) => {
      const user = own().api.user();
      const task = await own().api.addTask(user);
      expect(await own().stop(signal)).toBe(0);
      const api = await own().start();
      expect(await api.readTask(user, task.id)).toEqual(task);
    },
  );

  it("killed in the middle of writes it loses nothing that it had answered for", async () => {
    const user = own().api.user();
    const { api, running } = own();
    const answered: number[] = [];
    const writes = Array.from({ length: 4 }, async () => {
      for (let count = 0; count < 100; count++) answered.push((await api.addTask(user)).id);
    });
    while (answered.length < 20) await Promise.race([new Promise(setImmediate), Promise.all(writes)]);
    running.process.kill();
    await Promise.allSettled(writes);
    const again = await own().start();
    const tasks = (await own().store.rows("tasks")).filter((row) => row["user_id"] === user.id);
    const kept = new Set(tasks.map((row) => row["id"]));
    expect(answered.filter((id) => !kept.has(id))).toEqual([]);
    expect((await again.listTasks(user)).total).toBe(tasks.length);
    // A task and what live listeners are told of it are written together or not at all.
    const changes = (await own().store.rows("task_changes")).filter((row) => row["user_id"] === user.id);
    expect(changes.map((row) => row["id"])).toEqual(tasks.map((_, index) => index + 1));
  });

  it("the derived key alone is enough to verify, and the secret is not needed", async () => {
    const key = derivedKey(own().realm);
    const options = own().options({ WATCHWORD_KEY: key, BETTER_AUTH_SECRET: "" });
    const backend = await startBackend(name, options);
    try {
      const api = new ApiCaller(backend.origin, own().realm);
      const user = api.user();
      expect((await api.ask("GET", tasksOf(user), { token: user.token })).status).toBe(200);
      expect(backend.process.output).not.toContain(key);
    } finally {
      await backend.process.stop();
    }
  });

  if (chosenBackends().length === backendNames.length)
    it("the other backend, started on the same store, serves the same rows", async () => {
      const other = await startBackend(name === "hono" ? "fastapi" : "hono", own().options());
      try {
        const theirs = new ApiCaller(other.origin, own().realm);
        const user = own().api.user();
        const task = await own().api.addTask(user, {
          title: "\u00fcber beide",
          description: "d",
          completed: true,
        });
        expect(await theirs.readTask(user, task.id)).toEqual(task);
        const added = await theirs.addTask(user);
        expect(await own().api.listTasks(user)).toEqual(await theirs.listTasks(user));
        expect(await own().api.readTask(user, added.id)).toEqual(added);
      } finally {
        await other.process.stop();
      }
    });
});
