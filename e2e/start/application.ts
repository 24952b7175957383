// `npm start` as a person runs it: the script itself, in a process of its own, with what it printed.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface Run {
  /** Everything printed so far. */
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<number | null>;
  /** Waits until stdout matches, or fails when the process ends before that. */
  printed(pattern: RegExp): Promise<void>;
  /** Ctrl-C. */
  interrupt(): void;
}

/** Starts `scripts/start.mjs` with exactly these settings (and the PATH of the caller). */
export function start(settings: Record<string, string>, ...args: string[]): Run {
  return runScript("start.mjs", settings, args);
}

/** Starts a script of the project with exactly these settings (and the PATH of the caller). */
export function runScript(
  script: "start.mjs" | "admin.mjs",
  settings: Record<string, string>,
  args: readonly string[],
): Run {
  const { PATH = "", HOME = "" } = process.env;
  const child: ChildProcess = spawn(process.execPath, [join(root, "scripts", script), ...args], {
    cwd: root,
    env: { PATH, HOME, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  const heard = () => {
    for (const listener of listeners) listener();
  };
  child.stdout?.on("data", (data) => {
    output.stdout += data;
    heard();
  });
  child.stderr?.on("data", (data) => {
    output.stderr += data;
    heard();
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  running.add(child);
  ended.then(() => running.delete(child));
  return {
    output,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(output.stdout)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        ended.then((code) =>
          reject(
            new Error(`ended with ${code} before printing ${pattern}:\n${output.stdout}${output.stderr}`),
          ),
        );
      }),
    interrupt: () => child.kill("SIGINT"),
  };
}

const running = new Set<ChildProcess>();

/** Stops whatever a failed test left behind. */
export async function stopAll(): Promise<void> {
  await Promise.all(
    [...running].map(
      (child) =>
        new Promise<void>((resolve) => {
          child.on("close", () => resolve());
          child.kill("SIGTERM");
        }),
    ),
  );
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Settings for one private application: own ports, own data, own secret. */
export async function privateSettings() {
  const folder = mkdtempSync(join(tmpdir(), "watchword start "));
  const [web, api] = [await freePort(), await freePort()];
  return {
    web: `http://localhost:${web}`,
    api: `http://localhost:${api}`,
    remove: () => rmSync(folder, { recursive: true, force: true }),
    settings: {
      WEB_PORT: String(web),
      API_PORT: String(api),
      DATABASE_URL: `file:${join(folder, "data")}`,
      BETTER_AUTH_SECRET: randomBytes(32).toString("base64url"),
    },
  };
}
