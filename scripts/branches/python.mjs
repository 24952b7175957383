// Which branches of verify.py the verifier's tests take, both ways of every condition, as coverage.py counts them.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pythonTests, withoutWeighing } from "../mutate/languages.mjs";
import { fromRoot } from "../workspace/folders.mjs";
import { run } from "../workspace/processes.mjs";
import { python } from "../workspace/python-tools.mjs";

const file = "verify.py";
const packageFolder = fromRoot("packages", "watchword-py");

/** @returns {Promise<{ file: string, unit: string, least: number, all: number, missed: string[] }>} */
export async function pythonCoverage() {
  const target = mkdtempSync(join(tmpdir(), "watchword-coverage-"));
  try {
    const data = `--data-file=${join(target, "data")}`;
    const tests = pythonTests
      .filter((name) => !/vectors|corpus/.test(name))
      .map((name) => join(packageFolder, "tests", name));
    const coverage = (...args) => run(python, ["-m", "coverage", ...args], { cwd: packageFolder });
    const pytest = ["-m", "pytest", "-q", "-p", "no:cacheprovider", ...withoutWeighing];
    await coverage("run", data, "--branch", ...pytest, ...tests);
    const report = join(target, "report.json");
    await coverage("json", data, `--include=*/watchword/_token/${file}`, "-o", report);
    return readReport(JSON.parse(readFileSync(report, "utf8")));
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

function readReport({ files }) {
  const [seen] = Object.values(files);
  if (seen === undefined) return { file, unit: "branches", least: 1, all: 0, missed: [] };
  const missed = [
    ...seen.missing_branches.map(([from, to]) => `line ${from} → ${to < 0 ? "the end" : `line ${to}`}`),
    ...seen.missing_lines.map((number) => `line ${number}`),
  ];
  return { file, unit: "branches", least: 20, all: seen.summary.num_branches, missed };
}
