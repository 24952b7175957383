import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { installLines } from "../publication.mjs";
import { fromRoot, root } from "../workspace/folders.mjs";
import { python } from "../workspace/python-tools.mjs";

const [packing, npmInstall, pipInstall] = installLines;
const settings = {
  BETTER_AUTH_SECRET: "Tq7mZ2vX9kLr4Nw8Ps1Yc6Hd3Fg5Jb0e",
  BETTER_AUTH_URL: "http://localhost:3000",
  API_AUDIENCE: "http://localhost:8000",
};
/** Milliseconds that installing from the registries may take on a slow line. */
const timeout = 300_000;

let folder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "watchword-install-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a line as README shows it, in the empty folder. Without field separators a path may hold spaces. */
function run(line, env = {}) {
  const command = `IFS=; ${line.replaceAll("<checkout>", "$CHECKOUT")}`;
  return promisify(execFile)("/bin/sh", ["-ec", command], {
    cwd: folder,
    env: { ...process.env, CHECKOUT: root, ...env },
  });
}

/** The statuses that the README promises: no token, a user's own address, another user's. */
async function statuses(origin, token, userId) {
  const ask = async (path, authorization) =>
    (await fetch(`${origin}${path}`, { headers: authorization ? { authorization } : {} })).status;
  return [
    await ask(`/api/${userId}/tasks`),
    await ask(`/api/${userId}/tasks`, `Bearer ${token}`),
    await ask("/api/another/tasks", `Bearer ${token}`),
  ];
}

async function firstLine(child, pattern) {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
  return await vi.waitFor(
    () => {
      const found = pattern.exec(output);
      if (!found) throw new Error(`${pattern} does not show in:\n${output}`);
      return found;
    },
    { timeout: 60_000 },
  );
}

const program = `
  import { serve } from "@hono/node-server";
  import { getMigrations } from "better-auth/db/migration";
  import { app } from "./hono.ts";
  import { auth } from "./auth.ts";
  await (await getMigrations(auth.options)).runMigrations();
  const body = JSON.stringify({ name: "Ada", email: "ada@example.com", password: "correct horse battery" });
  const headers = { "content-type": "application/json", origin: "http://localhost:3000" };
  const signedUp = await auth.handler(
    new Request("http://localhost:3000/api/auth/sign-up/email", { method: "POST", headers, body }),
  );
  const cookie = signedUp.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  const answer = await auth.handler(new Request("http://localhost:3000/api/auth/token", { headers: { cookie } }));
  const { token } = await answer.json();
  const { user } = await signedUp.json();
  serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
    console.log("ready " + JSON.stringify({ port, token, userId: user.id })),
  );
`;

const consumer = `
  import { createVerifier } from "watchword";
  import { createApiClient, createAuthFetch } from "watchword/client";
  import { mintToken } from "watchword/testing";
  export { createApiClient, createAuthFetch, createVerifier, mintToken };
`;

describe("the install lines of README, in an empty folder", () => {
  let issued;

  it(
    "give an issuer and a Hono API that knows who is calling",
    async () => {
      // The checkout is installed and built already: doing it again would pull both away from the other tests.
      await run(packing.replace("npm ci && ", ""), { npm_config_ignore_scripts: "true" });
      await run(npmInstall, { npm_config_prefer_offline: "true", npm_config_audit: "false" });
      for (const name of ["auth.ts", "hono.ts"])
        copyFileSync(fromRoot("docs", "examples", name), join(folder, name));
      writeFileSync(join(folder, "start.mjs"), program);
      const child = spawn(process.execPath, ["start.mjs"], {
        cwd: folder,
        env: { ...process.env, ...settings },
      });
      onTestFinished(() => void child.kill());
      issued = JSON.parse((await firstLine(child, /^ready (.*)$/m))[1]);
      const { port, token, userId } = issued;
      expect(await statuses(`http://127.0.0.1:${port}`, token, userId)).toEqual([401, 200, 403]);
    },
    timeout,
  );

  it(
    "give types without the DOM library and with every declaration checked",
    async () => {
      writeFileSync(join(folder, "consumer.ts"), consumer);
      const compilerOptions = {
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        lib: ["ES2023"],
        types: ["node"],
        typeRoots: [fromRoot("node_modules", "@types")],
        module: "nodenext",
        target: "es2023",
      };
      writeFileSync(
        join(folder, "tsconfig.json"),
        JSON.stringify({ compilerOptions, files: ["consumer.ts"] }),
      );
      const tsc = fromRoot("node_modules", "typescript", "bin", "tsc");
      await promisify(execFile)(process.execPath, [tsc, "-p", folder]).catch((error) => {
        throw new Error(error.stdout);
      });
    },
    timeout,
  );

  it(
    "give README's files types in a Next.js application, with the TypeScript that it is made with",
    async () => {
      const compilerOptions = {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        lib: ["dom", "dom.iterable", "esnext"],
        types: ["node"],
        typeRoots: [fromRoot("node_modules", "@types")],
        module: "esnext",
        moduleResolution: "bundler",
      };
      const files = ["auth.ts", "auth-client.ts"];
      for (const name of files) copyFileSync(fromRoot("docs", "examples", name), join(folder, name));
      writeFileSync(join(folder, "tsconfig.next.json"), JSON.stringify({ compilerOptions, files }));
      // The application's client is checked with TypeScript 5, as new Next.js applications are; the root has 7.
      const path = createRequire(fromRoot("packages", "todo-client", "package.json")).resolve("typescript");
      const tsc = join(dirname(path), "tsc.js");
      await promisify(execFile)(process.execPath, [tsc, "-p", join(folder, "tsconfig.next.json")]).catch(
        (error) => {
          throw new Error(error.stdout);
        },
      );
    },
    timeout,
  );

  it(
    "give a FastAPI application that knows who is calling, with the same token",
    async () => {
      await promisify(execFile)(python, ["-m", "venv", join(folder, "venv")]);
      const bin = join(folder, "venv", "bin");
      await run(pipInstall, { PATH: `${bin}:${process.env.PATH}`, PIP_DISABLE_PIP_VERSION_CHECK: "1" });
      copyFileSync(fromRoot("docs", "examples", "main.py"), join(folder, "main.py"));
      const args = ["main:app", "--host", "127.0.0.1", "--port", "0"];
      const child = spawn(join(bin, "uvicorn"), args, { cwd: folder, env: { ...process.env, ...settings } });
      const ended = once(child, "exit");
      onTestFinished(async () => {
        child.kill();
        await ended;
      });
      const [, origin] = await firstLine(child, /running on (http:\/\/127\.0\.0\.1:\d+)/);
      expect(await statuses(origin, issued.token, issued.userId)).toEqual([401, 200, 403]);
    },
    timeout,
  );
});
