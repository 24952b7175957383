import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { lineFaults, type Service } from "./log-lines.ts";
import { secretsAmong, secretsIn } from "./log-secrets.ts";

/** How a server is started. The environment is whole: nothing of the caller's own is handed on. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whose log its standard output is: every line is then held against `contract/events.json`. */
  readonly service?: Service;
}

/** A free TCP port on the loopback address. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return address.port;
}

/** The part of the caller's environment that any program needs to run. */
export function bareEnvironment(): Record<string, string> {
  const names = ["PATH", "HOME", "LANG", "TMPDIR", "SystemRoot"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** A server under test: its process, and every line that it wrote. */
export class ServerProcess {
  readonly #child: ChildProcess;
  /** For messages: the program and its arguments. */
  readonly #name: string;
  readonly #secrets: readonly string[];
  readonly #service: Service | undefined;
  readonly #exited: Promise<number | null>;
  #stdout = "";
  #stderr = "";

  constructor(launch: Launch) {
    this.#name = [launch.command, ...launch.args].join(" ");
    this.#secrets = secretsAmong(launch.env);
    this.#service = launch.service;
    this.#child = spawn(launch.command, [...launch.args], {
      cwd: launch.cwd,
      env: { ...launch.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      this.#stdout += chunk.toString("utf8");
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.#stderr += chunk.toString("utf8");
    });
    this.#exited = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (code) => resolve(code));
    });
    this.#exited.catch(() => {});
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Everything written so far, both streams. */
  get output(): string {
    return `${this.#stdout}${this.#stderr}`;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /**
   * Waits for the end of the process and gives its exit code (null when a signal ended it). Fails where the process has
   * written a token, a cookie or a secret, whatever it was started for, or a line that the contract does not know.
   */
  async exit(timeoutMilliseconds = 15_000): Promise<number | null> {
    const code = await withTimeout(this.#exited, timeoutMilliseconds, `${this.#name} did not end`);
    const found = secretsIn(withoutMailedLinks(this.output), { secrets: this.#secrets });
    if (found.length > 0)
      throw new Error(`The log of the process gives away: ${found.slice(0, 5).join("; ")}.`);
    const unknown = this.#service === undefined ? [] : lineFaults(this.#stdout, this.#service);
    if (unknown.length > 0)
      throw new Error(`The log of the process is not the contract's: ${unknown.slice(0, 5).join("; ")}`);
    return code;
  }

  /** Waits until a probe succeeds; fails at once when the process ends before. */
  async ready(probe: () => Promise<boolean>, timeoutMilliseconds = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMilliseconds;
    while (!(await probe())) {
      if (!this.running) throw new Error(`The server ended before it was ready:\n${this.output}`);
      if (Date.now() > deadline) throw new Error(`The server was not ready in time:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends the process at once, as a loss of power would. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  /** Asks the process to end, and makes sure of it. Gives the exit code. */
  async stop(signal: "SIGTERM" | "SIGINT" = "SIGTERM"): Promise<number | null> {
    if (!this.running) return await this.exit();
    this.#child.kill(signal);
    try {
      return await this.exit();
    } catch (error) {
      this.#child.kill("SIGKILL");
      throw error;
    }
  }
}

async function withTimeout<T>(work: Promise<T>, milliseconds: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${message} within ${milliseconds} ms.`)), milliseconds);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** A probe that succeeds once an address answers 200. */
export function answersAt(url: string): () => Promise<boolean> {
  return async () => {
    try {
      const response = await fetch(url, { redirect: "manual" });
      await response.arrayBuffer();
      return response.status === 200;
    } catch {
      return false;
    }
  };
}

/** Without a mail server, on this machine only, the web application writes its links to the log, to be read there. */
function withoutMailedLinks(output: string): string {
  return output
    .split("\n")
    .filter((line) => !line.includes('"watchword.mail.link"'))
    .join("\n");
}
