import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, expect, it } from "vitest";
import { type Task, taskOf, tasksOf, type User } from "../support/api-caller.ts";
import { listedOrigin } from "../support/backend.ts";
import { expectRefusal } from "../support/conformance.ts";
import { describeOwnBackends } from "../support/own-backends.ts";

/** How long the other process keeps its lock where it lets go in time. */
const heldMilliseconds = 300;

describeOwnBackends(
  "a database that is held by another process",
  (own) => {
    let user: User;
    let task: Task;
    let holder: DatabaseSync | undefined;

    beforeAll(async () => {
      const api = await own().start();
      user = api.user();
      task = await api.addTask(user);
    });

    afterEach(() => {
      if (holder?.isOpen) holder.close();
    });

    const hold = () => {
      holder = new DatabaseSync(fileURLToPath(new URL("data/api.sqlite", own().store.url)));
      holder.exec("BEGIN IMMEDIATE");
      return holder;
    };

    it("makes a write 503 with Retry-After, readable by the page, and leaves reads as they are", async () => {
      const { api } = own();
      hold();
      const write = api.ask("PATCH", taskOf(user, task.id), {
        token: user.token,
        json: { title: "not written" },
        headers: [["Origin", listedOrigin]],
      });
      expect(await api.readTask(user, task.id)).toEqual(task);
      const refused = await write;
      expectRefusal(refused, "unavailable");
      expect(refused.header("retry-after")).toBe("5");
      expect(refused.header("access-control-allow-origin")).toBe(listedOrigin);
      expect(await api.readTask(user, task.id)).toEqual(task);
    });

    it("does not make a bad token or another user's URL anything else than what it is", async () => {
      const { api } = own();
      hold();
      const json = { title: "x" };
      expectRefusal(await api.ask("POST", tasksOf(user), { json }), "missing");
      expectRefusal(await api.ask("POST", tasksOf(user), { token: "x.y.z", json }), "malformed");
      expectRefusal(
        await api.ask("POST", "/api/somebody/tasks", { token: user.token, json }),
        "wrong_subject",
      );
    });

    it("is waited for: once it is free, the write goes through", async () => {
      const { api } = own();
      const holding = hold();
      setTimeout(() => holding.exec("COMMIT"), heldMilliseconds);
      expect((await api.addTask(user, { title: "waited for" })).title).toBe("waited for");
      expect(holding.isTransaction).toBe(false);
    });
  },
  ["sqlite"],
);
