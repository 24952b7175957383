// `npm run bench -- verify`, `-- issue` or `-- data` measures and writes to bench/results. `--rounds 5` for a quick look.
// `npm run bench -- rotation` rotates keys under load, `--pace 10` times as long as the tests.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { benchIssue } from "./issue/main.ts";
import { benchRotation } from "./rotation/main.ts";
import { benchData } from "./rows/main.ts";
import { benchVerify } from "./verify/main.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string" }, pace: { type: "string", default: "10" } },
});

const say = (text: string) => void process.stdout.write(`${text}\n`);
const python = ["bin/python", "Scripts/python.exe"]
  .map((name) => fileURLToPath(new URL(`.venv/${name}`, import.meta.url)))
  .find((path) => existsSync(path));

const rounds = (usual: number) => Number(values.rounds ?? usual);
switch (positionals[0]) {
  case "data":
    await benchData({ rounds: rounds(300), say });
    break;
  case "issue":
    await benchIssue({ rounds: rounds(15), say });
    break;
  case "rotation":
    await benchRotation({ pace: Number(values.pace), say });
    break;
  case "verify":
    if (python === undefined) giveUp("The environment bench/.venv is missing.");
    else await benchVerify({ rounds: rounds(15), python, say });
    break;
  default:
    giveUp("Usage: npm run bench -- verify|issue|data|rotation");
}

function giveUp(reason: string): void {
  say(reason);
  process.exitCode = 1;
}
