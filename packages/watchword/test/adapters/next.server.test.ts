import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { contractFile } from "../contract-files.ts";
import { type AdapterRoute, adapterSuite, type Listening, optionsOf, routes } from "./adapter-suite.ts";

/** Made by `next build` from the routes of the contract, and served by `next start`. */
const root = fileURLToPath(new URL("../../../../", import.meta.url));
const folder = join(root, ".state", "next-adapter");
const next = fileURLToPath(import.meta.resolve("next/dist/bin/next"));
const env = { PATH: process.env["PATH"], NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" } as const;

/** The source of a `route.js`: the guards of the route, from the inside out. */
function routeSource({ path, guards }: AdapterRoute): string {
  const file = join(folder, "app", path.replace("{user_id}", "[user_id]"), "route.js");
  const source = (name: string) =>
    JSON.stringify(relative(dirname(file), join(root, "packages/watchword/src", name)));
  const handler = guards.reduceRight((inner, [name, ...given]) => {
    if (name === "authenticate" || name === "optionalUser") {
      return `adapter.${name}(verifier, ${inner}, ${JSON.stringify(optionsOf(given))})`;
    }
    const argument = name === "requireSelf" ? given[0] : given;
    return `adapter.${name}(${JSON.stringify(argument)}, ${inner})`;
  }, "answer");
  const { now, verifier, revoked } = contractFile<{
    now: number;
    verifier: Record<string, unknown>;
    revoked: Record<string, string[]>;
  }>("vectors/adapters.json");
  const { clock_tolerance_seconds: clockToleranceSeconds, ...options } = verifier;
  const text = `
import { createVerifier } from ${source("feed/create-verifier.ts")};
import * as adapter from ${source("adapters/next.ts")};
const options = ${JSON.stringify({ ...options, clockToleranceSeconds })};
const { sid, unknown } = ${JSON.stringify(revoked)};
const revocation = {
  isRevoked({ sessionId }) {
    if (unknown.includes(sessionId)) throw new Error("out of reach");
    return sid.includes(sessionId);
  },
};
const verifier = createVerifier({ ...options, revocation, clock: { now: () => ${now} } });
const answer = (_request, { identity }) => Response.json({ caller: identity?.userId ?? null });
export const GET = ${handler};
`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** The route of the guide for Next.js, which reads the environment; the build has no setting in it. */
function writeGuideRoute(): void {
  const file = join(folder, "app", "guide", "[user_id]", "route.js");
  const adapter = relative(dirname(file), join(root, "packages/watchword/src/adapters/next.ts"));
  const text = readFileSync(join(root, "docs", "examples", "next-tasks-route.ts"), "utf8");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text.replace('"watchword/next"', JSON.stringify(adapter)));
}

/** @returns the port that the server has taken, once it listens there */
async function listening(server: ChildProcess): Promise<number> {
  let output = "";
  for await (const chunk of server.stdout ?? []) {
    output += String(chunk);
    const port = /http:\/\/\S+?:(\d+).*Ready/s.exec(output)?.[1];
    if (port) return Number(port);
  }
  throw new Error(`next start ended: ${output}`);
}

async function buildAndStart(): Promise<Listening> {
  rmSync(folder, { recursive: true, force: true });
  for (const route of routes) routeSource(route);
  writeGuideRoute();
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(folder, "next.config.js"),
    `export default { turbopack: { root: ${JSON.stringify(root)} } };`,
  );
  writeFileSync(
    join(folder, "app", "layout.js"),
    "export default ({ children }) => <html><body>{children}</body></html>;",
  );
  await promisify(execFile)(process.execPath, [next, "build"], { cwd: folder, env });
  const server = spawn(process.execPath, [next, "start", "-H", "127.0.0.1", "-p", "0"], { cwd: folder, env });
  return { port: await listening(server), close: () => server.kill("SIGKILL") };
}

adapterSuite("next", buildAndStart, { title: "a built Next.js application", startSeconds: 240 });

test("the build of the guide's route needs no secret", () => {
  expect(Object.keys(env).filter((name) => /SECRET|KEY|URL|AUDIENCE/.test(name))).toEqual([]);
  const built = join(folder, ".next", "server", "app", "guide", "[user_id]", "route.js");
  expect(existsSync(built)).toBe(true);
});
