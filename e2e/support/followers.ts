import { fileURLToPath, pathToFileURL } from "node:url";
import { type BackendName, chosenBackends } from "./backend.ts";
import type { Issuer } from "./issuer.ts";
import { issuerAudience } from "./issuer.ts";
import { answersAt, bareEnvironment, freePort, ServerProcess } from "./server-process.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

function commandOf(name: BackendName): { command: string; args: readonly string[] } {
  if (name === "hono") return { command: process.execPath, args: ["apps/api/src/main.ts"] };
  const [folder, program] = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  return {
    command: fileURLToPath(new URL(`../../apps/api-fastapi/.venv/${folder}/${program}`, import.meta.url)),
    args: ["-m", "watchword_api"],
  };
}

/** What the API answers to a token: its status, and the code of a refusal. */
export interface Verdict {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfter: string | null;
}

/** A backend that verifies the tokens of an issuer, and follows what it revokes. */
export class Follower {
  readonly name: BackendName;
  readonly origin: string;
  readonly process: ServerProcess;
  readonly #again: () => Promise<Follower>;

  private constructor(
    name: BackendName,
    port: number,
    process: ServerProcess,
    again: () => Promise<Follower>,
  ) {
    this.name = name;
    this.origin = `http://127.0.0.1:${port}`;
    this.process = process;
    this.#again = again;
  }

  /** Starts one and waits until it answers, ready or not. */
  static async start(
    name: BackendName,
    issuer: Pick<Issuer, "address">,
    folder: string,
    settings: Readonly<Record<string, string>>,
  ): Promise<Follower> {
    const port = await freePort();
    const env = {
      ...bareEnvironment(),
      HOST: "127.0.0.1",
      API_PORT: String(port),
      BETTER_AUTH_URL: issuer.address,
      API_AUDIENCE: issuerAudience,
      DATABASE_URL: pathToFileURL(`${folder}/${name}`).href,
      AUTH_FAILURES_PER_MINUTE: "1000000",
      ...settings,
    };
    const process = new ServerProcess({ ...commandOf(name), cwd: root, env });
    const follower = new Follower(name, port, process, () => Follower.start(name, issuer, folder, settings));
    await process.ready(answersAt(`${follower.origin}/health`));
    return follower;
  }

  /** Both backends, or those that are chosen. */
  static async startAll(...how: Tail<Parameters<typeof Follower.start>>): Promise<Follower[]> {
    const all = await Promise.all(chosenBackends().map((name) => Follower.start(name, ...how)));
    for (const one of all) await one.process.ready(answersAt(`${one.origin}/ready`));
    return all;
  }

  async restart(): Promise<Follower> {
    await this.stop();
    return await this.#again();
  }

  /** What it says to a token, at a route that every user has. */
  async verdict(token: string): Promise<Verdict> {
    const answer = await fetch(`${this.origin}/api/v1/users/me`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const { code } = (await answer.json()) as { code?: string };
    return { status: answer.status, code, retryAfter: answer.headers.get("retry-after") };
  }

  /** `accepted`, or the code of the refusal. */
  async word(token: string): Promise<string> {
    const { status, code } = await this.verdict(token);
    return status === 200 ? "accepted" : (code ?? String(status));
  }

  /** What `/ready` says: the state of the feed, or the status when it is not ready. */
  async readiness(): Promise<string | number> {
    const answer = await fetch(`${this.origin}/ready`);
    const { revocation } = (await answer.json()) as { revocation?: string };
    return revocation ?? answer.status;
  }

  async stop(): Promise<void> {
    await this.process.stop();
  }
}

type Tail<List extends readonly unknown[]> = List extends [unknown, ...infer Rest] ? Rest : never;

/** Asks again until the answer is the one, and gives the milliseconds that it took. */
export async function eventually<T>(
  ask: () => Promise<T>,
  expected: T,
  withinMilliseconds: number,
): Promise<number> {
  const start = performance.now();
  for (;;) {
    const answer = await ask();
    const elapsed = performance.now() - start;
    if (answer === expected) return elapsed;
    if (elapsed > withinMilliseconds)
      throw new Error(
        `After ${Math.round(elapsed)} ms it is still ${String(answer)}, and not ${String(expected)}.`,
      );
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
