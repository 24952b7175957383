import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, get, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mintToken } from "watchword/testing";
import { EventReader } from "./event-reader.ts";
import { newStore } from "./store.ts";
import { secret } from "./test-api.ts";
import { until } from "./until.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
let folder: string;
let port: number;
let running: ChildProcess[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "watchword main "));
  port = await freePort();
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running = [];
  rmSync(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: free } = server.address() as AddressInfo;
  server.close();
  return free;
}

function start(settings: Record<string, string> = {}) {
  const env = {
    BETTER_AUTH_SECRET: secret,
    API_PORT: String(port),
    DATABASE_URL: `file:${folder}`,
    REVOCATION: "none",
    ...settings,
  };
  const child = spawn(process.execPath, [main], { env });
  running.push(child);
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stderr }));
  const listening = new Promise<void>((resolve, reject) => {
    child.stdout.on("data", () => stdout.includes('"event.name":"watchword.server.listening"') && resolve());
    void ended.then(() => reject(new Error(stderr)));
  });
  listening.catch(() => undefined);
  return { child, listening, ended, log: () => stdout };
}

async function ask(path: string, options: { agent?: Agent; headers?: Record<string, string> } = {}) {
  const request = get({ host: "127.0.0.1", port, path, ...options });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  return response;
}

describe("the process", () => {
  it("listens, logs requests by route without anything secret, and ends with 0 on SIGTERM", async () => {
    const { child, listening, ended, log } = start();
    await listening;
    const token = mintToken({ secret, aud: `http://localhost:${port}`, sub: "ada" });
    const headers = { Authorization: `Bearer ${token}`, "X-Request-Id": "request-0001" };
    expect((await ask("/api/ada/tasks?q=private", { headers })).statusCode).toBe(200);
    expect((await ask("/api/bob/tasks", { headers })).statusCode).toBe(403);
    child.kill("SIGTERM");
    expect(await ended).toEqual({ code: 0, stderr: "" });

    const lines = log()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map((line) => line["event.name"])).toEqual([
      "watchword.server.listening",
      "watchword.http.request",
      "watchword.request.denied",
      "watchword.http.request",
      "watchword.server.stopping",
      "watchword.server.stopped",
    ]);
    expect(lines[1]).toEqual({
      severity: "INFO",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      "service.name": "watchword-api",
      "event.name": "watchword.http.request",
      "http.request.id": "request-0001",
      "http.request.method": "GET",
      "http.route": "/api/{user_id}/tasks",
      "http.response.status_code": 200,
      "http.server.request.duration": expect.any(Number),
    });
    expect(lines[2]).toMatchObject({
      "error.type": "wrong_subject",
      "user.id": "ada",
      "http.request.id": "request-0001",
    });
    expect(lines[3]).toMatchObject({ "http.response.status_code": 403, "error.type": "wrong_subject" });
    expect(log()).not.toContain("private");
    expect(log()).not.toContain(token.slice(-20));
  });

  it("ends idle keep-alive connections when it is told to stop", async () => {
    const { child, listening, ended } = start();
    await listening;
    const agent = new Agent({ keepAlive: true });
    await ask("/health", { agent });
    child.kill("SIGINT");
    expect(await ended).toEqual({ code: 0, stderr: "" });
    agent.destroy();
  });

  it("ends live streams with a reason when it is told to stop", async () => {
    const { child, listening, ended } = start();
    await listening;
    const token = mintToken({ secret, aud: `http://localhost:${port}`, sub: "ada" });
    const reader = await EventReader.open(`http://127.0.0.1:${port}/api/ada/tasks/events`, {
      Authorization: `Bearer ${token}`,
    });
    await reader.count(2);
    child.kill("SIGTERM");
    expect(await reader.rest()).toContain('event: end\ndata: {"reason":"shutdown"}\n\n');
    expect(await ended).toEqual({ code: 0, stderr: "" });
  });

  it("keeps its rows in PostgreSQL when DATABASE_URL names a database there", async () => {
    const store = await newStore("postgres");
    const { child, listening, ended, log } = start({ DATABASE_URL: store.url, DATABASE_POOL_SIZE: "2" });
    await listening;
    const token = mintToken({ secret, aud: `http://localhost:${port}`, sub: "ada" });
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    const body = JSON.stringify({ title: "kept" });
    const made = await fetch(`http://127.0.0.1:${port}/api/ada/tasks`, { method: "POST", headers, body });
    expect(made.status).toBe(201);
    await store.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'watchword-api' AND datname = current_database()",
    );
    await until(() => log().includes("watchword.database.connection_lost"));
    expect((await ask("/api/ada/tasks", { headers })).statusCode).toBe(200);
    expect(await store.run("SELECT user_id, title FROM tasks")).toEqual([{ user_id: "ada", title: "kept" }]);
    child.kill("SIGTERM");
    expect(await ended).toEqual({ code: 0, stderr: "" });
    expect(log()).not.toContain(new URL(store.url).password);
    await store.remove();
  });

  it("says in one sentence that the port is in use", async () => {
    await start().listening;
    const { code, stderr } = await start().ended;
    expect(code).toBe(1);
    expect(stderr).toBe(`Port ${port} is in use: stop what listens there or set API_PORT to another port.\n`);
  });

  it.each([
    ["BETTER_AUTH_SECRET", ""],
    ["BETTER_AUTH_SECRET", "short"],
    ["DATABASE_URL", "mysql://localhost/app"],
    ["DATABASE_URL", "postgres://127.0.0.1:1/app"],
    ["CORS_ORIGINS", "*"],
    ["API_PORT", "eighty"],
  ])("refuses to start with %s=%j, in one line that names the setting", async (name, value) => {
    const { code, stderr } = await start({ [name]: value }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain(name);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
