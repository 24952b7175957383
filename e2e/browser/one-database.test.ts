import { randomBytes } from "node:crypto";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Application } from "../support/application.ts";
import type { BackendName } from "../support/backend.ts";
import { openBrowser } from "../support/browser.ts";
import { Person } from "../support/person.ts";
import { freePort } from "../support/server-process.ts";
import { PostgresStore, query } from "../support/store.ts";

describe("one PostgreSQL database behind the web application and either backend", () => {
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
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await application?.stop();
    await store?.remove();
  });

  it("shows the same tasks to the same session when it is pointed from Hono to FastAPI and back", async () => {
    const ada = await Person.arrive(browser, await pointTo("hono"), "Ada");
    await ada.signUp();
    await ada.addTask("Written beside Hono");
    await ada.addTask("Completed beside Hono");
    const completed = ada.apiAnswer("PATCH");
    await ada.page.getByRole("checkbox", { name: 'Complete "Completed beside Hono"' }).click();
    expect(await completed).toBe(200);

    await pointTo("fastapi");
    await ada.page.reload();
    await ada.task("Written beside Hono").waitFor();
    expect(await ada.titles()).toEqual(["Completed beside Hono", "Written beside Hono"]);
    expect(await ada.page.getByRole("checkbox", { name: 'Reopen "Completed beside Hono"' }).isChecked()).toBe(
      true,
    );
    await ada.addTask("Written beside FastAPI");

    await pointTo("hono");
    await ada.page.reload();
    await ada.task("Written beside FastAPI").waitFor();
    expect(await ada.titles()).toEqual([
      "Written beside FastAPI",
      "Completed beside Hono",
      "Written beside Hono",
    ]);
  });

  it("keeps users and sessions in the schema auth and tasks in the schema api", async () => {
    expect((await store.rows("tasks")).map((row) => row["title"])).toHaveLength(3);
    expect(await query(store.url, 'select count(*)::int as users from auth."user"')).toEqual([{ users: 1 }]);
  });
});
