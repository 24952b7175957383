import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PostgresServer } from "../../scripts/workspace/postgres.mjs";
import { ApiCaller, type Task, taskOf, tasksOf, type User } from "../support/api-caller.ts";
import { type Backend, chosenBackends, listedOrigin, startBackend } from "../support/backend.ts";
import { expectRefusal } from "../support/conformance.ts";
import { EventStream } from "../support/event-stream.ts";
import { newRealm } from "../support/realm.ts";
import { chosenStores, PostgresStore, query } from "../support/store.ts";

/** How long a service may need to find its database again, in milliseconds. */
const recovery = 15_000;

const realm = newRealm();

if (chosenStores().includes("postgres"))
  describe("on PostgreSQL: a server that goes away and comes back", () => {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await PostgresServer.start();
    });
    afterAll(async () => {
      await server?.stop();
    });

    for (const name of chosenBackends())
      describe(name, () => {
        let store: PostgresStore;
        let backend: Backend;
        let api: ApiCaller;
        let user: User;
        let task: Task;

        beforeAll(async () => {
          store = await PostgresStore.make(name, "ordinary", new URL(server.url));
          backend = await startBackend(name, { realm, databaseUrl: store.url });
          api = new ApiCaller(backend.origin, realm);
          user = api.user();
          task = await api.addTask(user);
        });
        afterAll(async () => {
          await backend?.process.stop();
          await store?.remove();
        });

        const recovered = async () => {
          const deadline = Date.now() + recovery;
          for (;;) {
            const { status } = await api.ask("GET", tasksOf(user), { token: user.token });
            if (status === 200) return;
            expect(status).toBe(503);
            if (Date.now() > deadline) throw new Error("The service does not find its database again.");
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
        };

        it("without it every read and write is 503 with Retry-After, and the service knows", async () => {
          await server.pause();
          try {
            const { token } = user;
            for (const [method, path, json] of [
              ["GET", tasksOf(user), undefined],
              ["POST", tasksOf(user), { title: "not written" }],
              ["PATCH", `${taskOf(user, task.id)}/complete`, undefined],
              ["GET", `/api/${user.id}/conversations`, undefined],
              ["POST", `/api/${user.id}/chat`, { message: "add not written" }],
              ["GET", `${tasksOf(user)}/events`, undefined],
              ["GET", "/api/v1/posts", undefined],
              ["GET", "/api/v1/users/me", undefined],
            ] as const) {
              const headers = [["Origin", listedOrigin]] as const;
              const answer = await api.ask(method, path, { token, json, headers });
              expectRefusal(answer, "unavailable");
              expect(answer.header("retry-after")).toMatch(/^[0-9]+$/);
              expect(answer.header("access-control-allow-origin")).toBe(listedOrigin);
            }
            for (const path of [tasksOf(user), `${tasksOf(user)}/events`])
              expect((await api.ask("HEAD", path, { token })).status, path).toBe(503);
            expect((await api.ask("GET", "/ready")).status).toBe(503);
            expect((await api.ask("GET", "/health")).status).toBe(200);
            expectRefusal(await api.ask("GET", tasksOf(user), { token: "x.y.z" }), "malformed");
            expectRefusal(await api.ask("GET", "/api/somebody/tasks", { token }), "wrong_subject");
          } finally {
            await server.resume();
          }
          await recovered();
          expect((await api.ask("GET", "/ready")).status).toBe(200);
          expect((await api.listTasks(user)).items).toEqual([task]);
          expect(backend.process.running).toBe(true);
        });

        it("a live stream outlasts it and tells what comes after", async () => {
          const stream = await EventStream.open(api.origin, `${tasksOf(user)}/events`, [
            ["Authorization", `Bearer ${user.token}`],
          ]);
          if (!(stream instanceof EventStream)) throw new Error(`The stream is answered ${stream.status}.`);
          try {
            expect((await stream.next(1000))?.event).toBe("ready");
            await server.pause();
            await server.resume();
            await recovered();
            const added = await api.addTask(user);
            const event = await stream.next(recovery);
            expect(JSON.parse(event?.data ?? "null")).toEqual({ task_id: added.id, task: added });
          } finally {
            stream.close();
          }
        });

        it("when it crashes in the middle of writes nothing that was answered for is lost", async () => {
          const writer = api.user();
          const answered: Task[] = [];
          const writing = Array.from({ length: 4 }, async () => {
            for (let count = 0; count < 200; count++) {
              const json = { title: `Task of ${writer.nonce}` };
              const answer = await api.ask("POST", tasksOf(writer), { token: writer.token, json });
              if (answer.status === 201) answered.push(answer.json() as Task);
              else if (answer.status === 503) return;
              else throw new Error(`A write is answered ${answer.status}.`);
            }
          });
          while (answered.length < 30) await Promise.race([new Promise(setImmediate), ...writing]);
          await server.kill();
          await Promise.all(writing);
          await server.resume();
          await recovered();
          const tasks = (await store.rows("tasks")).filter((row) => row["user_id"] === writer.id);
          const kept = new Set(tasks.map((row) => row["id"]));
          expect(answered.filter(({ id }) => !kept.has(id))).toEqual([]);
          const changes = (await store.rows("task_changes")).filter((row) => row["user_id"] === writer.id);
          expect(changes.map((row) => row["id"])).toEqual(tasks.map((_, index) => index + 1));
        });

        it("while somebody else holds an owner's lock a write is 503, reads and other owners are served", async () => {
          const other = api.user();
          const holder = new pg.Client({ connectionString: store.url });
          await holder.connect();
          try {
            await holder.query("SELECT pg_advisory_lock(hashtextextended($1, 0))", [user.id]);
            const waiting = api.ask("PATCH", taskOf(user, task.id), {
              token: user.token,
              json: { title: "not written" },
            });
            expect((await api.readTask(user, task.id)).title).toBe(task.title);
            await api.addTask(other);
            const refused = await waiting;
            expectRefusal(refused, "unavailable");
            expect(refused.header("retry-after")).toMatch(/^[0-9]+$/);
          } finally {
            await holder.end();
          }
          expect((await api.readTask(user, task.id)).title).toBe(task.title);
          const written = await api.ask("PATCH", taskOf(user, task.id), {
            token: user.token,
            json: { title: "written" },
          });
          expect(written.status).toBe(200);
        });

        it("a database that may only be read serves reads, and writes are 503", async () => {
          const database = new URL(store.url).pathname.slice(1);
          const only = async (setting: string) => {
            await query(server.url, `ALTER DATABASE ${database} ${setting}`);
            await query(
              server.url,
              `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`,
            );
          };
          await only("SET default_transaction_read_only = on");
          try {
            await recovered();
            const json = { title: "not written" };
            expectRefusal(await api.ask("POST", tasksOf(user), { token: user.token, json }), "unavailable");
          } finally {
            await only("RESET default_transaction_read_only");
          }
          await recovered();
          await api.addTask(user);
        });
      });
  });
