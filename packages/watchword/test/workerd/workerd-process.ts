import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** Where its program is; the package has no types. */
const { default: workerd } = createRequire(import.meta.url)("workerd") as { default: string };
const root = fileURLToPath(new URL("../../", import.meta.url));
const entry = fileURLToPath(new URL("worker.ts", import.meta.url));

/** A worker that listens on this machine. */
export interface RunningWorker {
  readonly url: string;
  stop(): Promise<void>;
}

/** Runs `worker.ts` in Cloudflare's workerd, with these texts as its bindings. */
export async function runWorker(bindings: Readonly<Record<string, string>>): Promise<RunningWorker> {
  const folder = mkdtempSync(join(tmpdir(), "watchword-workerd-"));
  const config = join(folder, "config.capnp");
  writeFileSync(config, configurationIn(folder, bindings));
  const args = ["serve", "--control-fd=3", config];
  const process = spawn(workerd, args, { stdio: ["ignore", "inherit", "inherit", "pipe"] });
  const ended = new Promise<void>((resolve) => process.once("close", () => resolve()));
  const stop = async () => {
    process.kill();
    await ended;
    rmSync(folder, { recursive: true });
  };
  try {
    return { url: `http://127.0.0.1:${await portOf(process)}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The port that it says it listens on. */
async function portOf(process: ChildProcess): Promise<number> {
  for await (const line of createInterface({ input: process.stdio[3] as Readable })) {
    const told = JSON.parse(line) as { event: string; port?: number };
    if (told.event === "listen" && told.port !== undefined) return told.port;
  }
  throw new Error("workerd ended before it listened.");
}

/** Each module is a file beside the configuration. */
function configurationIn(folder: string, bindings: Readonly<Record<string, string>>): string {
  const modules = [...sources(entry)].map(([name, text], index) => {
    writeFileSync(join(folder, `${index}.js`), text);
    return `(name = "${name}", esModule = embed "${index}.js")`;
  });
  const texts = Object.entries(bindings).map(([name, text]) => `(name = "${name}", text = "${text}")`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  compatibilityDate = "2026-11-01",
  modules = [${modules.join(",\n")}],
  bindings = [${texts.join(", ")}],
);
`;
}

/** A file and all that it imports, by their paths in the package, as JavaScript. */
function sources(file: string, found = new Map<string, string>()): Map<string, string> {
  const name = relative(root, file).replaceAll("\\", "/");
  if (found.has(name)) return found;
  const text = stripTypeScriptTypes(readFileSync(file, "utf8"));
  found.set(name, text);
  for (const [, target] of text.matchAll(/\bfrom\s+"(\.[^"]+)"/g)) {
    sources(join(dirname(file), target as string), found);
  }
  return found;
}
