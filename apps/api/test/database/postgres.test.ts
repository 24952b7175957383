import { randomBytes } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { fixedClock } from "watchword/testing";
import { openDatabase } from "../../src/database/open.ts";
import { newStore, query, type TestStore, testServer } from "../store.ts";
import { tcpProxyTo } from "../tcp-proxy.ts";
import { problemOf, startApi, type TestApi } from "../test-api.ts";
import { until } from "../until.ts";

const clock = fixedClock(0);
const tasks = "/api/ada/tasks";
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function store(): Promise<TestStore> {
  const made = await newStore("postgres");
  cleanUps.push(made.remove);
  return made;
}

async function start(options: Parameters<typeof startApi>[0] = {}): Promise<TestApi> {
  const api = await startApi({ store: "postgres", ...options });
  cleanUps.push(api.close);
  return api;
}

/** As a server does that is restarted. */
const terminateConnections = (api: TestApi) =>
  api.store.run(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'watchword-api' AND datname = current_database()",
  );

describe("opening a PostgreSQL database", () => {
  const changed = (url: string, change: (address: URL) => void) => {
    const address = new URL(url);
    change(address);
    return address.href;
  };

  it.each<[string, (address: URL) => void, string]>([
    ["no server listens", (address) => (address.port = "1"), "cannot be reached"],
    ["the database is not there", (address) => (address.pathname = "/watchword_absent"), "does not exist"],
    ["the user is not there", (address) => (address.username = "watchword_nobody"), "refuses the user"],
    ["the address cannot be read", (address) => (address.username = "%ff"), "cannot be reached"],
  ])("is refused in a sentence without the address when %s", async (_name, change, words) => {
    const url = changed((await store()).url, change);
    const opening = openDatabase({ store: "postgres", url, poolSize: 1 }, clock);
    await expect(opening).rejects.toThrow(
      expect.objectContaining({ code: "misconfigured", message: expect.stringContaining(words) }),
    );
    const { message } = (await opening.catch((error) => error)) as Error;
    expect(message).toContain("DATABASE_URL");
    expect(message).not.toContain(new URL(url).password || "watchword_");
    expect(message).not.toContain("127.0.0.1");
  });

  it("is refused when the database is not in UTF8", async () => {
    const name = `watchword_ascii_${randomBytes(6).toString("hex")}`;
    await query(testServer(), [`CREATE DATABASE ${name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`]);
    cleanUps.push(async () => void (await query(testServer(), [`DROP DATABASE ${name}`])));
    const url = changed(testServer(), (address) => (address.pathname = `/${name}`));
    await expect(openDatabase({ store: "postgres", url, poolSize: 1 }, clock)).rejects.toThrow(
      expect.objectContaining({ code: "misconfigured", message: expect.stringContaining("UTF8") }),
    );
  });

  it("is refused when the user may not make the tables", async () => {
    const { url, run } = await store();
    await run(`REVOKE CREATE ON DATABASE ${new URL(url).pathname.slice(1)} FROM ${new URL(url).username}`);
    await run(`ALTER DATABASE ${new URL(url).pathname.slice(1)} OWNER TO CURRENT_USER`);
    await expect(openDatabase({ store: "postgres", url, poolSize: 1 }, clock)).rejects.toThrow(
      expect.objectContaining({ code: "misconfigured", message: expect.stringContaining("may not set up") }),
    );
  });

  it("is refused where a table is without forced row-level security", async () => {
    const { location, run } = await store();
    await (await openDatabase(location, clock)).close();
    await run("ALTER TABLE tasks NO FORCE ROW LEVEL SECURITY");
    await expect(openDatabase(location, clock)).rejects.toThrow(
      expect.objectContaining({ code: "misconfigured", message: expect.stringContaining("api.tasks") }),
    );
  });
});

describe("a database that goes away", () => {
  it("is answered with 503 and Retry-After while it is gone, and recovers by itself", async () => {
    const direct = await store();
    const proxy = await tcpProxyTo(direct.url);
    cleanUps.push(() => proxy.cut());
    const api = await start({ location: { store: "postgres", url: proxy.url, poolSize: 3 } });
    expect((await api.as("ada", "POST", tasks, { title: "before" })).status).toBe(201);

    await proxy.cut();
    for (const response of [
      await api.as("ada", "GET", tasks),
      await api.as("ada", "POST", tasks, { title: "lost" }),
      await api.fetch("/ready"),
    ]) {
      expect(response.headers.get("retry-after")).toBe("5");
      expect(await problemOf(response)).toMatchObject({ status: 503, code: "unavailable" });
    }
    expect((await api.fetch("/health")).status).toBe(200);

    await proxy.open();
    await until(async () => (await api.fetch("/ready")).status === 200);
    expect(await (await api.as("ada", "GET", tasks)).json()).toMatchObject({ total: 1 });
  });

  it("may end its connections, idle ones and one in the middle of a transaction", async () => {
    const api = await start({ poolSize: 2 });
    await api.as("ada", "GET", tasks);
    expect(await terminateConnections(api)).not.toEqual([]);
    await until(async () => (await api.as("ada", "GET", tasks)).status === 200);

    const broken = api.database.owned.writing("ada", async (mine) => {
      await mine.insert("tasks", { title: "t", completed: 0, created_at: "", updated_at: "" }).execute();
      await terminateConnections(api);
      await mine.select("tasks").selectAll().execute();
    });
    await expect(broken).rejects.toThrow(/terminat|connection error/);
    await until(async () => (await api.as("ada", "GET", tasks)).status === 200);
    expect(await (await api.as("ada", "GET", tasks)).json()).toMatchObject({ total: 0 });
  });

  it("may take no connections: every request is 503 until it takes them again", async () => {
    const api = await start({ poolSize: 1 });
    expect((await api.as("ada", "POST", tasks, { title: "before" })).status).toBe(201);
    const name = new URL(api.store.url).pathname.slice(1);
    const allow = (allowed: boolean) =>
      query(testServer(), [`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${allowed}`]);
    await terminateConnections(api);
    await allow(false);
    for (const response of [await api.as("ada", "GET", tasks), await api.fetch("/ready")]) {
      expect(response.headers.get("retry-after")).toBe("5");
      expect(await problemOf(response)).toMatchObject({ status: 503, code: "unavailable" });
    }
    await allow(true);
    await until(async () => (await api.as("ada", "GET", tasks)).status === 200);
  });

  it("may take no changes: reading goes on, and a change is 503", async () => {
    const api = await start({ poolSize: 1 });
    const name = new URL(api.store.url).pathname.slice(1);
    await api.store.run(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await terminateConnections(api);
    await until(async () => (await api.as("ada", "GET", tasks)).status === 200);
    const response = await api.as("ada", "POST", tasks, { title: "t" });
    expect(response.headers.get("retry-after")).toBe("5");
    expect(await problemOf(response)).toMatchObject({ status: 503, code: "unavailable" });
  });

  it("is 503 for a request that finds no free connection within five seconds", {
    timeout: 15_000,
  }, async () => {
    const api = await start({ poolSize: 1 });
    let finish: () => void = () => undefined;
    const held = api.database.owned.reading("ada", () => new Promise<void>((resolve) => (finish = resolve)));
    const response = await api.as("bob", "GET", "/api/bob/tasks");
    expect(await problemOf(response)).toMatchObject({ status: 503, code: "unavailable" });
    finish();
    await held;
    expect((await api.as("bob", "GET", "/api/bob/tasks")).status).toBe(200);
  });
});
