// `npm run bench -- verify` measures and writes to bench/results. `--rounds 5` for a quick look.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchVerify } from "./verify/main.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "15" } },
});

const say = (text: string) => void process.stdout.write(`${text}\n`);
const python = ["bin/python", "Scripts/python.exe"]
  .map((name) => fileURLToPath(new URL(`.venv/${name}`, import.meta.url)))
  .find((path) => existsSync(path));

if (positionals[0] !== "verify" || python === undefined) {
  say(python === undefined ? "The environment bench/.venv is missing." : "Usage: npm run bench -- verify");
  process.exitCode = 1;
} else {
  await benchVerify({ rounds: Number(values.rounds), python, say });
}
