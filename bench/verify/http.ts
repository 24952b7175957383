import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import type { Group } from "../measure/report.ts";
import { pipelined } from "./pipeline.ts";
import { mintMany, secret } from "./tokens.ts";

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export interface HttpOptions {
  readonly rounds: number;
  readonly requests: number;
  /** Interpreter of the environment with the Python peers. */
  readonly python: string;
}

/** Routes of each server; " new" sends a different token each time, which no cache helps with. */
const frameworks = {
  Hono: ["open", "watchword", "hono-jwt", "open new", "watchword new", "hono-jwt new"],
  Fastify: ["open", "watchword", "open new", "watchword new"],
  Express: ["open", "watchword", "open new", "watchword new"],
  FastAPI: ["open", "no-op", "watchword", "pyjwt"],
} as const;

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function cpuNanoseconds(port: number): Promise<number> {
  return Number(await (await fetch(`http://127.0.0.1:${port}/cpu`)).json());
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`A server ended with ${child.exitCode} before it listened.`);
    const up = await cpuNanoseconds(port).then(
      () => true,
      () => false,
    );
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("A server did not listen within 10 s.");
}

/** CPU time of the server per request, by route; each round asks every route. */
async function measure(
  name: keyof typeof frameworks,
  { rounds, requests, python }: HttpOptions,
): Promise<Group> {
  const port = await freePort();
  const [command, args] =
    name === "FastAPI"
      ? [python, [path("python/server.py"), String(port), secret]]
      : [process.execPath, [path("server.ts"), name.toLowerCase(), String(port), secret]];
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  try {
    await listening(port, child);
    const routes = frameworks[name];
    const again = mintMany("HS256", 64);
    const different = mintMany("HS256", 2048);
    const costs: Record<string, number[]> = Object.fromEntries(routes.map((route) => [route, []]));
    const times = name === "FastAPI" ? Math.round(requests / 8) : requests;
    const ask = (route: string, count: number) => {
      const isNew = route.endsWith(" new");
      // Without a cache: 2048 tokens would all be remembered after their first round.
      const target = isNew ? route.replace("watchword new", "watchword-new").replace(" new", "") : route;
      return pipelined(port, `/${target}`, isNew ? different : again, count);
    };
    for (const route of routes) await ask(route, Math.round(times / 2));
    for (let round = 0; round < rounds; round += 1) {
      for (let index = 0; index < routes.length; index += 1) {
        const route = routes[(round + index) % routes.length] ?? "open";
        const begin = await cpuNanoseconds(port);
        await ask(route, times);
        costs[route]?.push(((await cpuNanoseconds(port)) - begin) / times);
      }
    }
    return { title: `${name}, one pipelined request`, base: "open", costs };
  } finally {
    child.kill();
  }
}

export async function httpGroups(options: HttpOptions): Promise<readonly Group[]> {
  const groups: Group[] = [];
  for (const name of Object.keys(frameworks) as (keyof typeof frameworks)[]) {
    groups.push(await measure(name, options));
  }
  return groups;
}
