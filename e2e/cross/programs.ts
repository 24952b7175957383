import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** How each language is asked for verdicts. */
export function programs(): Readonly<
  Record<"typescript" | "python", readonly [command: string, ...args: string[]]>
> {
  const python = ["bin/python", "Scripts/python.exe"]
    .map((name) => path(`../../apps/api-fastapi/.venv/${name}`))
    .find((name) => existsSync(name));
  if (python === undefined) {
    throw new Error(
      "The Python environment apps/api-fastapi/.venv is missing: run `npm test -- cross` to make it.",
    );
  }
  return { typescript: [process.execPath, path("verdicts.ts")], python: [python, path("verdicts.py")] };
}

/** Runs one program over the lines and gives its lines back. */
export function answers(
  [command, ...args]: readonly [string, ...string[]],
  lines: readonly string[],
): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, PYTHONUTF8: "1", NODE_OPTIONS: "" },
      stdio: ["pipe", "pipe", "pipe"],
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => output.push(data));
    child.stderr.on("data", (data: Buffer) => errors.push(data));
    // A program that ends early says why on its standard error.
    child.stdin.on("error", () => {});
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(output).toString("utf8").trimEnd().split("\n"));
      else reject(new Error(`${command} ended with ${code}:\n${Buffer.concat(errors).toString("utf8")}`));
    });
    child.stdin.end(`${lines.join("\n")}\n`);
  });
}
