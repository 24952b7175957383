import { readdirSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { ApiCaller } from "../support/api-caller.ts";
import {
  type Backend,
  type BackendOptions,
  backendNames,
  chosenBackends,
  launchBackend,
  startBackend,
} from "../support/backend.ts";
import { newRealm } from "../support/realm.ts";
import { freePort } from "../support/server-process.ts";
import { chosenStores, type Login, PostgresStore, query } from "../support/store.ts";

const realm = newRealm();
const tables = ["conversations", "messages", "posts", "profiles", "task_changes", "tasks"];
const schemaFiles = readdirSync(new URL("../../contract/schema/postgres/", import.meta.url))
  .map((file) => file.replace(/\.sql$/, ""))
  .sort();

if (chosenStores().includes("postgres"))
  for (const name of chosenBackends())
    describe(`${name}: the start on PostgreSQL`, () => {
      const opened: (() => Promise<unknown>)[] = [];
      afterEach(async () => {
        for (const close of opened.splice(0).reverse()) await close();
      });
      const database = async (as: Login = "ordinary") => {
        const store = await PostgresStore.make("start", as);
        opened.push(() => store.remove());
        return store;
      };
      const start = async (options: Partial<BackendOptions> & { databaseUrl: string }, backend = name) => {
        const started = await startBackend(backend, { realm, ...options });
        opened.push(() => started.process.stop());
        return started;
      };
      const refuses = async (databaseUrl: string) => {
        const backend = await launchBackend(name, { realm, databaseUrl });
        opened.push(() => backend.process.stop());
        const code = await backend.process.exit();
        const stderr = backend.process.stderr.trim();
        expect({ code, lines: stderr.split("\n").length }).toEqual({ code: 1, lines: 1 });
        expect(stderr).toMatch(/database|PostgreSQL|DATABASE_URL/i);
        expect(backend.process.output).not.toContain(databaseUrl);
        const { password, username } = new URL(databaseUrl);
        for (const part of [password, username])
          if (part !== "") expect(backend.process.output).not.toContain(part);
      };

      for (const login of ["ordinary", "superuser"] as const)
        it(`as the ${login} login it makes every table, each under forced row-level security, and serves`, async () => {
          const store = await database(login);
          const backend = await start({ databaseUrl: store.url });
          const api = new ApiCaller(backend.origin, realm);
          const user = api.user();
          const task = await api.addTask(user);
          expect(await api.readTask(user, task.id)).toEqual(task);
          const ledger = await query(store.url, "SELECT name FROM api.watchword_migrations ORDER BY name");
          expect(ledger.map(({ name }) => name)).toEqual(schemaFiles);
          const guarded = await query(
            store.url,
            `SELECT relname FROM pg_class WHERE relnamespace = 'api'::regnamespace AND relkind = 'r'
               AND relrowsecurity AND relforcerowsecurity ORDER BY relname`,
          );
          expect(guarded.map(({ relname }) => relname)).toEqual(tables);
        });

      it("three that start at once make the tables once", async () => {
        const { url } = await database();
        const backends = await Promise.all(
          [...backendNames, name].map((backend) => start({ databaseUrl: url }, backend)),
        );
        const user = new ApiCaller(backends[0]?.origin ?? "", realm).user();
        for (const { origin } of backends) await new ApiCaller(origin, realm).addTask(user);
        for (const { origin } of backends)
          expect((await new ApiCaller(origin, realm).listTasks(user)).total).toBe(3);
        const ledger = await query(url, "SELECT name FROM api.watchword_migrations ORDER BY name");
        expect(ledger.map(({ name }) => name)).toEqual(schemaFiles);
      });

      it("without the server it stops with code 1 and one sentence that names neither login nor password", async () => {
        const { url } = await database();
        const nowhere = new URL(url);
        nowhere.port = String(await freePort());
        await refuses(nowhere.href);
      });

      it("with a wrong password it stops the same way", async () => {
        const { url } = await database();
        const wrong = new URL(url);
        wrong.password = "a-password-that-is-wrong";
        await refuses(wrong.href);
      });

      it("on a table whose row-level security was switched off it stops, and says so", async () => {
        const store = await database();
        const backend: Backend = await start({ databaseUrl: store.url });
        await backend.process.stop();
        await store.execute("ALTER TABLE api.posts NO FORCE ROW LEVEL SECURITY");
        await refuses(store.url);
        await store.execute("ALTER TABLE api.posts FORCE ROW LEVEL SECURITY");
        await start({ databaseUrl: store.url });
      });
    });
