import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiCaller, type Task, taskOf, tasksOf, type User } from "../support/api-caller.ts";
import { type Backend, backendNames, chosenBackends, startBackend } from "../support/backend.ts";
import { EventStream } from "../support/event-stream.ts";
import { newRealm } from "../support/realm.ts";
import { chosenStores, newStore, type Store } from "../support/store.ts";

/** How soon a change made by one process is told by another, in milliseconds. */
const soon = 1000;

const realm = newRealm();

/** Three processes on one store: both backends, and one of them twice. */
for (const storeName of chosenBackends().length === backendNames.length ? chosenStores() : [])
  describe(`on ${storeName}: processes that share a store`, () => {
    let store: Store;
    const running: Backend[] = [];
    let callers: readonly ApiCaller[] = [];

    beforeAll(async () => {
      store = await newStore(storeName, "together");
      for (const name of [...backendNames, backendNames[0]])
        running.push(await startBackend(name, { realm, databaseUrl: store.url }));
      callers = running.map(({ origin }) => new ApiCaller(origin, realm));
    });
    afterAll(async () => {
      for (const { process } of running) await process.stop();
      await store?.remove();
    });

    const caller = (index: number): ApiCaller => {
      const found = callers[index % callers.length];
      if (found === undefined) throw new Error("The callers are made before the first fact.");
      return found;
    };
    const listen = async (index: number, user: User): Promise<EventStream> => {
      const stream = await EventStream.open(caller(index).origin, `${tasksOf(user)}/events`, [
        ["Authorization", `Bearer ${user.token}`],
      ]);
      if (!(stream instanceof EventStream)) throw new Error(`The stream is answered ${stream.status}.`);
      return stream;
    };
    const told = async (stream: EventStream) => {
      const event = await stream.next(soon);
      return {
        event: event?.event,
        id: Number(event?.id),
        data: JSON.parse(event?.data ?? "null") as unknown,
      };
    };

    it("a task made through one is the same through the others", async () => {
      for (const [index] of callers.entries()) {
        const user = caller(index).user();
        const task = await caller(index).addTask(user, { title: "\u00fcber alle", description: "d" });
        for (const other of callers) expect(await other.readTask(user, task.id)).toEqual(task);
      }
    });

    it("toggles through all of them at once are all counted", async () => {
      const user = caller(0).user();
      const task = await caller(0).addTask(user);
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          caller(index).ask("PATCH", `${taskOf(user, task.id)}/complete`, { token: user.token }),
        ),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(await caller(1).readTask(user, task.id)).toMatchObject({ completed: false, version: 61 });
      const versions = answers.map((answer) => (answer.json() as Task).version).sort((a, b) => a - b);
      expect(versions).toEqual(Array.from({ length: 60 }, (_, index) => index + 2));
    });

    it("of writers with the same tag, one for each process, a single one goes through", async () => {
      const user = caller(0).user();
      const task = await caller(0).addTask(user);
      for (let version = 1; version <= 10; version++) {
        const answers = await Promise.all(
          callers.map((api, index) =>
            api.ask("PATCH", taskOf(user, task.id), {
              token: user.token,
              headers: [["If-Match", `"${version}"`]],
              json: { title: `round ${version} by ${index}` },
            }),
          ),
        );
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
        const winner = answers.find(({ status }) => status === 200)?.json();
        expect(await caller(version).readTask(user, task.id)).toEqual(winner);
      }
    });

    it("rows of two users written through all of them at once go to their own, and none is lost", async () => {
      const users = [caller(0).user(), caller(0).user()] as const;
      await Promise.all(
        Array.from({ length: 120 }, (_, index) => caller(index).addTask(users[index % 2 === 0 ? 0 : 1])),
      );
      for (const [index, user] of users.entries()) {
        const { items, total } = await caller(index).listTasks(user, "?limit=100");
        expect({ total, owners: [...new Set(items.map(({ user_id }) => user_id))] }).toEqual({
          total: 60,
          owners: [user.id],
        });
      }
    });

    it("a change through any of them is told by all of them within a second, and to its user alone", async () => {
      const [ann, ben] = [caller(0).user(), caller(0).user()];
      const streams = await Promise.all(callers.map((_, index) => listen(index, ann)));
      const silent = await listen(1, ben);
      try {
        for (const stream of [...streams, silent]) expect((await told(stream)).event).toBe("ready");
        let id = 0;
        for (const [index] of callers.entries()) {
          const task = await caller(index).addTask(ann);
          id += 1;
          const events = await Promise.all(streams.map(told));
          for (const event of events)
            expect(event).toEqual({ event: "created", id, data: { task_id: task.id, task } });
        }
        const own = await caller(0).addTask(ben);
        expect(await told(silent)).toEqual({ event: "created", id: 1, data: { task_id: own.id, task: own } });
      } finally {
        for (const stream of [...streams, silent]) stream.close();
      }
    });

    it("a stream that was broken off goes on at another process where it ended", async () => {
      const ann = caller(0).user();
      const first = await listen(0, ann);
      expect((await told(first)).event).toBe("ready");
      await caller(2).addTask(ann);
      const { id } = await told(first);
      first.close();
      const missed = await caller(1).addTask(ann);
      const stream = await EventStream.open(caller(1).origin, `${tasksOf(ann)}/events`, [
        ["Authorization", `Bearer ${ann.token}`],
        ["Last-Event-ID", String(id)],
      ]);
      if (!(stream instanceof EventStream)) throw new Error(`The stream is answered ${stream.status}.`);
      try {
        expect(await told(stream)).toMatchObject({
          event: "created",
          id: id + 1,
          data: { task_id: missed.id },
        });
        expect(await told(stream)).toMatchObject({ event: "ready", id: id + 1 });
      } finally {
        stream.close();
      }
    });

    it("a question asked by one is answered through the other", async () => {
      const ann = caller(0).user();
      for (const title of ["Buy milk", "Spill milk"]) await caller(0).addTask(ann, { title });
      const say = async (index: number, message: string, conversation?: number) => {
        const json = { message, conversation_id: conversation ?? null };
        const answer = await caller(index).ask("POST", `/api/${ann.id}/chat`, { token: ann.token, json });
        expect(answer.status).toBe(200);
        return answer.json() as { conversation_id: number; tasks: Task[] };
      };
      const asked = await say(0, "done milk");
      expect((await caller(0).listTasks(ann, "?completed=true")).total).toBe(0);
      await say(1, "the first", asked.conversation_id);
      const done = await caller(0).listTasks(ann, "?completed=true");
      expect(done.items.map(({ title }) => title)).toEqual(["Buy milk"]);
    });
  });
