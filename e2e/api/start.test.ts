import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { ApiCaller, tasksOf } from "../support/api-caller.ts";
import { type BackendName, chosenBackends, launchBackend, startBackend } from "../support/backend.ts";
import { describeOwnBackends } from "../support/own-backends.ts";
import { derivedKey } from "../support/token.ts";

const secret = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa";

describeOwnBackends("the start succeeds or says what to do", (own, name: BackendName) => {
  const fails = async (settings: Readonly<Record<string, string>>) => {
    const backend = await launchBackend(name, own().options(settings));
    const code = await backend.process.exit();
    return { code, stderr: backend.process.stderr.trim(), stdout: backend.process.stdout };
  };

  const faulty: readonly (readonly [
    what: string,
    settings: Readonly<Record<string, string>>,
    named: RegExp,
  ])[] = [
    ["no secret", { BETTER_AUTH_SECRET: "" }, /BETTER_AUTH_SECRET/],
    [
      "a secret that is too short",
      { BETTER_AUTH_SECRET: "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sG" },
      /BETTER_AUTH_SECRET/,
    ],
    ["a secret of white space", { BETTER_AUTH_SECRET: " ".repeat(40) }, /BETTER_AUTH_SECRET/],
    ["a secret of one character", { BETTER_AUTH_SECRET: "a".repeat(40) }, /BETTER_AUTH_SECRET/],
    ["a secret of one pattern", { BETTER_AUTH_SECRET: "0123456789".repeat(4) }, /BETTER_AUTH_SECRET/],
    ["a secret in quotes", { BETTER_AUTH_SECRET: `"${secret}"` }, /BETTER_AUTH_SECRET/],
    [
      "a secret that is a template",
      { BETTER_AUTH_SECRET: ["$", "{BETTER_AUTH_SECRET_FROM_ELSEWHERE}"].join("") },
      /BETTER_AUTH_SECRET/,
    ],
    [
      "a placeholder",
      { BETTER_AUTH_SECRET: "better-auth-secret-12345678901234567890" },
      /BETTER_AUTH_SECRET/,
    ],
    ["a key that is none", { COUNTERSIGN_KEY: "short" }, /COUNTERSIGN_KEY/],
    ["a database of another kind", { DATABASE_URL: "mysql://localhost/x" }, /DATABASE_URL/],
    ["a port that is no number", { API_PORT: "eighty" }, /API_PORT/],
    ["a port out of range", { API_PORT: "70000" }, /API_PORT/],
    ["a web address that is none", { BETTER_AUTH_URL: "not a url" }, /BETTER_AUTH_URL/],
    [
      "an http address in production",
      { BETTER_AUTH_URL: "http://app.test", NODE_ENV: "production" },
      /BETTER_AUTH_URL/,
    ],
    ["an origin that is none", { CORS_ORIGINS: "http://app.test/path" }, /CORS_ORIGINS/],
    ["every origin", { CORS_ORIGINS: "*" }, /CORS_ORIGINS/],
    ["a bound that is no number", { AUTH_FAILURES_PER_MINUTE: "many" }, /AUTH_FAILURES_PER_MINUTE/],
  ];
  it.each(faulty)(
    "with %s it stops with code 1 and one sentence that names the setting",
    async (_what, settings, named) => {
      const { code, stderr, stdout } = await fails(settings);
      expect({ code, lines: stderr.split("\n").length }).toEqual({ code: 1, lines: 1 });
      expect(stderr).toMatch(named);
      expect(stderr).not.toMatch(/Traceback|\bat .*:\d+|node:internal/);
      for (const [key, value] of Object.entries(settings))
        if (/SECRET|KEY/.test(key) && value.trim() !== "") expect(`${stderr}${stdout}`).not.toContain(value);
    },
  );

  it("with a folder that cannot be written it stops with code 1 and one sentence", async () => {
    const path = `${own().folder}/a file`;
    writeFileSync(path, "");
    const { code, stderr } = await fails({ DATABASE_URL: `file:${path}` });
    expect({ code, lines: stderr.split("\n").length }).toEqual({ code: 1, lines: 1 });
    expect(stderr).toMatch(/DATABASE_URL|folder/i);
  });

  it("with a port in use it stops with code 1 and one sentence that names the port", async () => {
    await own().start();
    const { port } = own().running;
    const { code, stderr } = await fails({ API_PORT: String(port) });
    expect({ code, lines: stderr.split("\n").length }).toEqual({ code: 1, lines: 1 });
    expect(stderr).toContain(String(port));
    expect((await own().api.ask("GET", "/health")).status).toBe(200);
  });

  it("it writes a line that says where it listens", () => {
    const lines = own()
      .running.process.stdout.trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.some((line) => line["event"] === "listening")).toBe(true);
  });

  it("the data is in the folder, with each schema file in the ledger", async () => {
    const files = readdirSync(new URL("../../contract/schema/sqlite/", import.meta.url)).map((file) =>
      file.replace(/\.sql$/, ""),
    );
    const database = new DatabaseSync(`${own().folder}/data/api.sqlite`, { readOnly: true });
    try {
      const ledger = database.prepare("SELECT name FROM countersign_migrations ORDER BY name").all();
      expect(ledger.map((row) => row["name"])).toEqual(files.sort());
      expect(database.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "wal" });
    } finally {
      database.close();
    }
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
    const { items } = await again.listTasks(user, "?limit=100");
    for (const id of answered) expect(items.map((task) => task.id)).toContain(id);
  });

  it("a folder that is missing is made, with its parents", async () => {
    const folder = `${own().folder}/new/deep folder`;
    const backend = await startBackend(name, { realm: own().realm, dataFolder: folder });
    try {
      expect(existsSync(`${folder}/api.sqlite`)).toBe(true);
    } finally {
      await backend.process.stop();
    }
  });

  it("a plain path is taken as it is written", async () => {
    const folder = `${own().folder}/100%25 plain`;
    const backend = await startBackend(name, own().options({ DATABASE_URL: `file:${folder}` }));
    await backend.process.stop();
    expect(existsSync(`${folder}/api.sqlite`)).toBe(true);
  });

  it("the derived key alone is enough to verify, and the secret is not needed", async () => {
    const key = derivedKey(own().realm.secret);
    const options = own().options({ COUNTERSIGN_KEY: key, BETTER_AUTH_SECRET: "" });
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

  it("without audience and address settings it follows the ports", async () => {
    const folder = `${own().folder}/ports`;
    mkdirSync(folder);
    const { realm } = own();
    const settings = {
      BETTER_AUTH_URL: "",
      API_AUDIENCE: "",
      NEXT_PUBLIC_APP_URL: "",
      WEB_PORT: "3123",
      CORS_ORIGINS: "",
    };
    const backend = await startBackend(name, { realm, dataFolder: folder, settings });
    try {
      const api = new ApiCaller(backend.origin, {
        ...realm,
        issuer: "http://localhost:3123",
        audience: `http://localhost:${backend.port}`,
      });
      const user = api.user();
      const headers = [["Origin", "http://localhost:3123"]] as const;
      const answer = await api.ask("GET", tasksOf(user), { token: user.token, headers });
      expect({ status: answer.status, origin: answer.header("access-control-allow-origin") }).toEqual({
        status: 200,
        origin: "http://localhost:3123",
      });
    } finally {
      await backend.process.stop();
    }
  });

  if (chosenBackends().length === 2)
    it("the other backend, started on the same folder, serves the same rows", async () => {
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
