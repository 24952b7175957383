import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { answersAt, bareEnvironment, freePort, type Launch, ServerProcess } from "./server-process.ts";
import type { Realm } from "./token.ts";

/** The two implementations of the contract. */
export const backendNames = ["hono", "fastapi"] as const;
export type BackendName = (typeof backendNames)[number];

const root = fileURLToPath(new URL("../../", import.meta.url));

/** How each backend is started, from the root of the project. */
function commandOf(name: BackendName): Pick<Launch, "command" | "args" | "cwd"> {
  if (name === "hono") return { command: process.execPath, args: ["apps/api/src/main.ts"], cwd: root };
  const python = ["bin/python", "Scripts/python.exe"]
    .map((path) => fileURLToPath(new URL(`../../apps/api-fastapi/.venv/${path}`, import.meta.url)))
    .find((path) => existsSync(path));
  if (python === undefined)
    throw new Error(
      "The Python environment apps/api-fastapi/.venv is missing: run `npm start -- --api fastapi` once.",
    );
  return { command: python, args: ["-m", "watchword_api"], cwd: root };
}

/** The backends that this run covers: `WATCHWORD_BACKENDS`, separated by commas; both when absent. */
export function chosenBackends(): readonly BackendName[] {
  const chosen = (process.env["WATCHWORD_BACKENDS"] ?? backendNames.join(","))
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const unknown = chosen.find((name) => !backendNames.some((known) => known === name));
  if (unknown !== undefined || chosen.length === 0)
    throw new Error(
      `WATCHWORD_BACKENDS names ${JSON.stringify(unknown ?? "")}; it may hold: ${backendNames.join(",")}.`,
    );
  return backendNames.filter((name) => chosen.includes(name));
}

/** What a backend is started with. */
export interface BackendOptions {
  readonly realm: Realm;
  /** `DATABASE_URL`: `file:` and a folder, or the address of a PostgreSQL database. */
  readonly databaseUrl: string;
  readonly port?: number;
  /** Settings added to the environment; they win over those above. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Backend {
  readonly name: BackendName;
  readonly origin: string;
  readonly port: number;
  readonly process: ServerProcess;
}

/** The origin whose pages may call the backends under test. */
export const listedOrigin = "http://app.test:3000";

/** The environment of a backend: nothing but what the options say. */
function environmentOf(options: BackendOptions, port: number): Record<string, string> {
  return {
    ...bareEnvironment(),
    HOST: "127.0.0.1",
    API_PORT: String(port),
    BETTER_AUTH_SECRET: options.realm.secret,
    BETTER_AUTH_URL: options.realm.issuer,
    API_AUDIENCE: options.realm.audience,
    CORS_ORIGINS: listedOrigin,
    DATABASE_URL: options.databaseUrl,
    AUTH_FAILURES_PER_MINUTE: "1000000",
    // Nobody listens at the issuer's address.
    REVOCATION: "none",
    ...options.settings,
  };
}

/** Starts a backend without waiting for it; for starts that shall fail. */
export async function launchBackend(name: BackendName, options: BackendOptions): Promise<Backend> {
  const port = options.port ?? (await freePort());
  const env = environmentOf(options, port);
  const process = new ServerProcess({ ...commandOf(name), env, service: "watchword-api" });
  return { name, origin: `http://127.0.0.1:${port}`, port, process };
}

/** Starts a backend and waits until it is ready. */
export async function startBackend(name: BackendName, options: BackendOptions): Promise<Backend> {
  const backend = await launchBackend(name, options);
  await backend.process.ready(answersAt(`${backend.origin}/ready`));
  return backend;
}
