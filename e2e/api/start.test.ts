import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { ApiCaller, tasksOf } from "../support/api-caller.ts";
import { type BackendName, launchBackend, startBackend } from "../support/backend.ts";
import { logLines } from "../support/log-lines.ts";
import { describeOwnBackends } from "../support/own-backends.ts";

const secret = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa";

describeOwnBackends(
  "the start succeeds or says what to do",
  (own, name: BackendName) => {
    /** Beside the data. */
    const beside = (path: string) => fileURLToPath(new URL(path, own().store.url));

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
      ["a key that is none", { WATCHWORD_KEY: "short" }, /WATCHWORD_KEY/],
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
          if (/SECRET|KEY/.test(key) && value.trim() !== "")
            expect(`${stderr}${stdout}`).not.toContain(value);
      },
    );

    it("with a folder that cannot be written it stops with code 1 and one sentence", async () => {
      const path = beside("a file");
      writeFileSync(path, "");
      const { code, stderr } = await fails({ DATABASE_URL: `file:${path}` });
      expect({ code, lines: stderr.split("\n").length }).toEqual({ code: 1, lines: 1 });
      expect(stderr).toMatch(/DATABASE_URL|folder/i);
    });

    it("it writes a line that says where it listens", async () => {
      await own().start();
      const [first] = logLines(own().running.process.stdout);
      expect(first).toMatchObject({
        "event.name": "watchword.server.listening",
        "server.port": own().running.port,
      });
    });

    it("the data is in the folder, with each schema file in the ledger", async () => {
      const files = readdirSync(new URL("../../contract/schema/sqlite/", import.meta.url)).map((file) =>
        file.replace(/\.sql$/, ""),
      );
      const database = new DatabaseSync(beside("data/api.sqlite"), { readOnly: true });
      try {
        const ledger = database.prepare("SELECT name FROM watchword_migrations ORDER BY name").all();
        expect(ledger.map((row) => row["name"])).toEqual(files.sort());
        expect(database.prepare("PRAGMA journal_mode").get()).toMatchObject({ journal_mode: "wal" });
      } finally {
        database.close();
      }
    });

    it("a folder that is missing is made, with its parents", async () => {
      const folder = beside("new/deep folder");
      const backend = await startBackend(name, {
        realm: own().realm,
        databaseUrl: pathToFileURL(folder).href,
      });
      try {
        expect(existsSync(`${folder}/api.sqlite`)).toBe(true);
      } finally {
        await backend.process.stop();
      }
    });

    it("a plain path is taken as it is written", async () => {
      const folder = `${beside("./")}100%25 plain`;
      const backend = await startBackend(name, own().options({ DATABASE_URL: `file:${folder}` }));
      await backend.process.stop();
      expect(existsSync(`${folder}/api.sqlite`)).toBe(true);
    });

    it("without audience and address settings it follows the ports", async () => {
      const folder = beside("ports");
      mkdirSync(folder);
      const { realm } = own();
      const settings = {
        BETTER_AUTH_URL: "",
        API_AUDIENCE: "",
        NEXT_PUBLIC_APP_URL: "",
        WEB_PORT: "3123",
        CORS_ORIGINS: "",
      };
      const backend = await startBackend(name, { realm, databaseUrl: pathToFileURL(folder).href, settings });
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
  },
  ["sqlite"],
);
