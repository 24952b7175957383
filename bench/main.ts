// `npm run bench -- verify` or `-- data` measures and writes to bench/results. `--rounds 5` for a quick look.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchData } from "./rows/main.ts";
import { benchVerify } from "./verify/main.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string" } },
});

const say = (text: string) => void process.stdout.write(`${text}\n`);
const python = ["bin/python", "Scripts/python.exe"]
  .map((name) => fileURLToPath(new URL(`.venv/${name}`, import.meta.url)))
  .find((path) => existsSync(path));

const rounds = (usual: number) => Number(values.rounds ?? usual);

if (positionals[0] === "data") {
  await benchData({ rounds: rounds(300), say });
} else if (positionals[0] !== "verify" || python === undefined) {
  say(
    positionals[0] === "verify"
      ? "The environment bench/.venv is missing."
      : "Usage: npm run bench -- verify|data",
  );
  process.exitCode = 1;
} else {
  await benchVerify({ rounds: rounds(15), python, say });
}
