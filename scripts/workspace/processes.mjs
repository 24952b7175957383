// Child processes: run one to its end, or keep a server alive until it is told to stop.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fromRoot, root } from "./folders.mjs";
import { line, paint, StartError } from "./steps.mjs";

/** Environment for children: the project's own tools first on the PATH. */
export function childEnvironment(extra = {}) {
  const separator = process.platform === "win32" ? ";" : ":";
  return {
    ...process.env,
    PATH: `${fromRoot("node_modules", ".bin")}${separator}${process.env.PATH ?? ""}`,
    NEXT_TELEMETRY_DISABLED: "1",
    ...extra,
  };
}

/** Runs a command to its end. Its output is shown only when it fails (or always with `show`). */
export function run(command, args, { cwd = root, env = {}, show = false, failure } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: childEnvironment(env),
      stdio: show ? "inherit" : ["ignore", "pipe", "pipe"],
    });
    const output = [];
    child.stdout?.on("data", (data) => output.push(data));
    child.stderr?.on("data", (data) => output.push(data));
    child.on("error", (error) =>
      reject(
        new StartError(failure ?? `\`${command}\` could not be started (${error.code}). Is it installed?`),
      ),
    );
    child.on("close", (code) => {
      const text = Buffer.concat(output).toString();
      if (code === 0) return resolve(text);
      if (!show) process.stderr.write(`\n${text}\n`);
      const message = failure ?? `\`${[command, ...args].join(" ")}\` failed with exit code ${code}.`;
      reject(Object.assign(new StartError(message), { output: text }));
    });
  });
}

/** A server that runs until `stop`; its lines are shown behind its name once `open` was called. */
export class Server {
  constructor(name, command, args, { cwd = root, env = {} } = {}) {
    this.name = name;
    this.held = [];
    this.open = false;
    this.child = spawn(command, args, { cwd, env: childEnvironment(env), stdio: ["ignore", "pipe", "pipe"] });
    this.ended = new Promise((resolve) => {
      this.child.on("error", (error) => resolve({ code: 1, error }));
      this.child.on("close", (code, signal) => resolve({ code, signal }));
    });
    this.ended.then((end) => {
      this.end = end;
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      createInterface({ input: stream }).on("line", (text) => {
        if (this.open) this.show(text);
        else this.held.push({ text, error: stream === this.child.stderr });
      });
    }
  }

  show(text) {
    line(`${paint.dim(`${this.name} │`)} ${text}`);
  }

  /** Shows what was held back so far, and everything from now on. */
  follow() {
    this.open = true;
    for (const { text } of this.held.splice(0)) this.show(text);
  }

  /** Waits until `url` answers below 500. A server that ends before that is a fault, told in its own words. */
  async ready(url, timeoutSeconds = 60) {
    const until = Date.now() + timeoutSeconds * 1000;
    for (;;) {
      if (this.end) throw new StartError(this.lastWords());
      try {
        const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
        await response.body?.cancel();
        if (response.status < 500) return;
      } catch {
        // not listening yet
      }
      if (Date.now() > until)
        throw new StartError(
          `The ${this.name} did not answer within ${timeoutSeconds} s.\n${this.lastWords()}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  lastWords() {
    const errors = this.held.filter(({ error }) => error).map(({ text }) => text);
    return (
      (errors.length > 0 ? errors : this.held.map(({ text }) => text)).join("\n") ||
      `The ${this.name} ended without a word.`
    );
  }

  async stop(graceSeconds = 10) {
    if (this.end) return;
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), graceSeconds * 1000);
    await this.ended;
    clearTimeout(timer);
  }
}
