import { randomBytes } from "node:crypto";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Application } from "../support/application.ts";
import type { BackendName } from "../support/backend.ts";
import { anyPair } from "../support/browser-pairs.ts";
import { sharedBrowser } from "../support/browser-suite.ts";
import { Person } from "../support/person.ts";
import { freePort } from "../support/server-process.ts";
import { PostgresStore, query, testServer } from "../support/store.ts";

const other = { hono: "fastapi", fastapi: "hono" } as const;

describe.each(anyPair())(
  "$api+$mode: one PostgreSQL database behind the web application and either backend",
  (pair) => {
    let store: PostgresStore;
    let browser: Browser;
    let application: Application | undefined;
    let ports: { webPort: number; apiPort: number };
    const secret = randomBytes(32).toString("base64url");

    /** The same addresses and the same database, with another backend behind them. */
    async function pointTo(api: BackendName): Promise<Application> {
      await application?.stop();
      application = await Application.start({
        api,
        mode: pair.mode,
        secret,
        dataFolder: "unused",
        databaseUrl: store.url,
        ...ports,
      });
      return application;
    }

    beforeAll(async () => {
      store = await PostgresStore.make("one database");
      ports = { webPort: await freePort(), apiPort: await freePort() };
      browser = await sharedBrowser();
    });

    afterAll(async () => {
      await browser?.close();
      await application?.stop();
      await store?.remove();
    });

    it("shows the same tasks to the same session when it is pointed to the other backend and back", async () => {
      const ada = await Person.arrive(browser, await pointTo(pair.api), "Ada");
      await ada.signUp();
      await ada.addTask("Written beside the one");
      await ada.addTask("Completed beside the one");
      const completed = ada.apiAnswer("PATCH");
      await ada.page.getByRole("checkbox", { name: 'Complete "Completed beside the one"' }).click();
      expect(await completed).toBe(200);

      await pointTo(other[pair.api]);
      await ada.page.reload();
      await ada.task("Written beside the one").waitFor();
      expect(await ada.titles()).toEqual(["Completed beside the one", "Written beside the one"]);
      expect(
        await ada.page.getByRole("checkbox", { name: 'Reopen "Completed beside the one"' }).isChecked(),
      ).toBe(true);
      await ada.addTask("Written beside the other");

      await pointTo(pair.api);
      await ada.page.reload();
      await ada.task("Written beside the other").waitFor();
      expect(await ada.titles()).toEqual([
        "Written beside the other",
        "Completed beside the one",
        "Written beside the one",
      ]);
    });

    it("says so on each page while the database is away, and goes on without a restart when it is back", async () => {
      const server = testServer().href;
      const database = new URL(store.url).pathname.slice(1);
      const ada = await Person.arrive(browser, await pointTo(pair.api), "Ada");
      const { page } = ada;
      await ada.signUp();
      await ada.addTask("Outlives the database");
      try {
        await query(server, `ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
        await query(server, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", [
          database,
        ]);
        expect(await ada.admission()).toBe(503);
        await page.goto("/account");
        await page.getByText("This page could not be shown").waitFor();
        const answered = page.waitForResponse((answer) => new URL(answer.url()).pathname === "/account");
        await page.getByRole("button", { name: "Try again" }).click();
        await answered;
        await page.getByRole("button", { name: "Try again", disabled: false }).waitFor();
      } finally {
        await query(server, `ALTER DATABASE ${database} ALLOW_CONNECTIONS true`);
      }
      await page.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("heading", { name: "Account", exact: true }).waitFor();
      await page.getByRole("link", { name: "Tasks" }).click();
      await ada.task("Outlives the database").waitFor();
      expect(application?.output).not.toContain(new URL(store.url).password);
    });

    it("keeps users and sessions in the schema auth and tasks in the schema api", async () => {
      expect((await store.rows("tasks")).map((row) => row["title"])).toHaveLength(4);
      expect(await query(store.url, 'select count(*)::int as users from auth."user"')).toEqual([
        { users: 2 },
      ]);
    });
  },
);
