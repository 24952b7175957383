// Runs the stages of the tests, and counts.
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { ensureBrowser } from "./browser.mjs";
import { buildPackage, buildWeb, installDependencies } from "./node-tools.mjs";
import { PostgresServer } from "./postgres.mjs";
import { preparePython } from "./python-tools.mjs";
import { reports } from "./stages.mjs";
import { line, paint } from "./steps.mjs";

/** The stages whose tests make databases of their own on a PostgreSQL server. */
const usesPostgres = /unit: (?:package|api|web|workspace|python)|contract|http|browser|start/;

/** The stages that ask the web application's production build with a browser. */
const usesWeb = /browser|proxy|start/;

/** How long an interrupted stage may tidy up, in milliseconds. */
const tidying = 10_000;
let interrupted = false;
let stopPostgres = async () => {};

/**
 * One server for all stages, which find it in WATCHWORD_TEST_POSTGRES; a server that is named there already is used as it is.
 * It ends with the command, on Ctrl-C too: after the stage that runs, which gets the same signal and removes its databases.
 */
async function startPostgres() {
  if (process.env.WATCHWORD_TEST_POSTGRES) return "skipped";
  const server = await PostgresServer.start();
  process.env.WATCHWORD_TEST_POSTGRES = server.url;
  stopPostgres = () => server.stop();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => {
      interrupted = true;
      setTimeout(() => void stopPostgres().then(() => process.exit(1)), tidying).unref();
    });
}

/**
 * Runs stages one after another, those beside others apart, with all that they need, and prints what each counted. The caller
 * says the last word.
 * @returns per stage its name and its counts; ends the process when it is interrupted
 */
export async function runStages(stages) {
  const names = Object.keys(stages);
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  await prepare("Install dependencies", installDependencies);
  await prepare("Prepare the Python environment", () => preparePython("requirements-dev"));
  await prepare("Build the package", buildPackage);
  if (names.some((name) => usesWeb.test(name))) {
    await prepare("Build the web application", buildWeb);
    await prepare("Find a browser", ensureBrowser);
  }
  if (names.some((name) => usesPostgres.test(name))) await prepare("Start PostgreSQL", startPostgres);

  const results = new Map();
  const runOne = async (name, stage) => results.set(name, await countsOf(name, stage));
  let aside = Promise.resolve();
  try {
    for (const [name, stage] of Object.entries(stages)) {
      if (interrupted) break;
      if (stage.alone) await aside;
      if (stage.beside) aside = aside.then(() => runOne(name, stage));
      else await runOne(name, stage);
    }
    await aside;
  } finally {
    await stopPostgres();
  }
  if (interrupted) process.exit(1);
  return names.map((name) => ({ name, ...results.get(name) }));
}

async function countsOf(name, stage) {
  if (!stage.beside) line(`\n${paint.bold(`── ${name}`)}`);
  const begin = performance.now();
  let holds = true;
  let output = "";
  let lastLines = [];
  try {
    output = await stage.work({ show: !stage.beside });
  } catch (error) {
    holds = false;
    output = paint.red(error.message);
    lastLines = (error.output ?? "").trimEnd().split("\n").slice(-12).filter(Boolean);
  }
  if (interrupted) return { passed: 0, failed: 1, failures: [] };
  if (stage.beside) line(`\n${paint.bold(`── ${name} (beside the others)`)}`);
  if (output) line(output);
  const readable = stage.report === undefined ? holds : existsSync(stage.report);
  const counted = readable ? stage.count() : { passed: 0, failed: 1 };
  // A runner that fails although every test passed is a failure all the same, and so is one that has run nothing.
  const failed = counted.failed === 0 && (!holds || counted.passed === 0) ? 1 : counted.failed;
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  line(paint.dim(`   ${name}: ${counted.passed} passed, ${failed} failed, ${seconds} s`));
  return {
    passed: counted.passed,
    failed,
    failures: failed > 0 ? failuresOf(stage, { holds, readable, lastLines }) : [],
  };
}

/** What failed in a stage, a line each; a runner whose tests all passed failed by something that happened between them. */
function failuresOf(stage, { holds, readable, lastLines }) {
  const failures = (readable && stage.failures?.()) || [];
  if (failures.length > 0 || holds) return failures;
  if (lastLines.length > 0) return lastLines;
  return [
    readable && stage.report ? "the runner failed, none of its tests did: see its output" : "see its output",
  ];
}

/** The failures once more, then the last line, `N passed, N failed`, and the end of the process. */
export function conclude(results) {
  const sum = (what) => results.reduce((total, result) => total + result[what], 0);
  const failed = results.filter((result) => result.failed > 0);
  line();
  for (const { name, failures } of failed) {
    line(paint.red(`Failed: ${name}`));
    for (const failure of failures.slice(0, 20)) line(`  ${failure}`);
    if (failures.length > 20) line(`  and ${failures.length - 20} more`);
  }
  line(`${sum("passed")} passed, ${sum("failed")} failed`);
  process.exit(failed.length === 0 ? 0 : 1);
}

async function prepare(name, work) {
  const begin = performance.now();
  line(paint.dim(`· ${name}`));
  const result = await work();
  if (result !== "skipped") line(paint.dim(`  ${((performance.now() - begin) / 1000).toFixed(1)} s`));
}
