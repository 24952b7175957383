// `npm test`: everything, on a clean checkout. Ends with the line `N passed, N failed`.
// `npm test -- unit web` runs only the stages whose name holds one of the words.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { ensureBrowser } from "./workspace/browser.mjs";
import { fromRoot } from "./workspace/folders.mjs";
import { buildPackage, buildWeb, installDependencies, node24 } from "./workspace/node-tools.mjs";
import { PostgresServer } from "./workspace/postgres.mjs";
import { run } from "./workspace/processes.mjs";
import { preparePython, python } from "./workspace/python-tools.mjs";
import { giveUp, line, paint } from "./workspace/steps.mjs";

const reports = fromRoot(".state", "reports");
const tool = (...path) => fromRoot("node_modules", ...path);
const node = (args, options) => run(node24(), args, { show: true, ...options });
const py = (args) => run(python, args, { show: true });

/** One vitest project; its counts come from its own report. */
function vitest(name, folder) {
  const report = join(reports, `${name}.json`);
  const args = [tool("vitest", "vitest.mjs"), "run", "--root", fromRoot(folder)];
  return {
    report,
    work: () => node([...args, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`]),
    count: () => {
      const { numPassedTests, numTotalTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8"));
      // A skipped test counts as failed; so does a file that could not be loaded.
      const failed = numTotalTests - numPassedTests;
      return {
        passed: numPassedTests,
        failed: failed === 0 && numTotalTests === 0 ? Math.max(1, numFailedTestSuites) : failed,
      };
    },
  };
}

function pytest(name) {
  const report = join(reports, `${name}.xml`);
  return {
    report,
    work: () =>
      py([
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        `--junitxml=${report}`,
        "packages/countersign-py",
        "apps/api-fastapi",
      ]),
    count: () => {
      const suite = /<testsuite [^>]*>/.exec(readFileSync(report, "utf8"))?.[0] ?? "";
      const number = (attribute) => Number(new RegExp(` ${attribute}="(\\d+)"`).exec(suite)?.[1] ?? 0);
      const bad = number("failures") + number("errors") + number("skipped");
      return { passed: number("tests") - bad, failed: bad };
    },
  };
}

/** A program that prints a list of results and writes its counts to a report. */
function listed(name, program) {
  const report = join(reports, `${name}.json`);
  return {
    report,
    work: () => node([fromRoot(program), "--report", report]),
    count: () => JSON.parse(readFileSync(report, "utf8")),
  };
}

/** A check that either holds or does not. */
const check = (work) => ({ work, count: () => ({ passed: 1, failed: 0 }) });

const typecheck = (folder) => check(() => node([tool("typescript", "bin", "tsc"), "-p", folder]));

const stages = {
  lint: check(() => node([tool("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."])),
  "types: package": typecheck("packages/countersign"),
  "types: api": typecheck("apps/api"),
  "types: todo-client": typecheck("packages/todo-client"),
  "types: web": typecheck("apps/web"),
  "types: e2e": typecheck("e2e"),
  "types: bench": typecheck("bench"),
  "types: examples": typecheck("docs/examples"),
  "unit: package": vitest("package", "packages/countersign"),
  "coverage: verifier": check(() => node([fromRoot("scripts", "coverage.mjs")])),
  "unit: api": vitest("api", "apps/api"),
  "unit: web": vitest("web", "apps/web"),
  "unit: workspace": vitest("workspace", "scripts"),
  "lint: python": check(async () => {
    await py(["-m", "ruff", "check", "packages/countersign-py", "apps/api-fastapi"]);
    await py(["-m", "ruff", "format", "--check", "packages/countersign-py", "apps/api-fastapi"]);
    // Programs beside the packages, by the package's rules.
    const config = "--config=packages/countersign-py/pyproject.toml";
    await py(["-m", "ruff", "check", config, "e2e", "scripts", "bench"]);
    await py(["-m", "ruff", "format", "--check", config, "e2e", "scripts", "bench"]);
  }),
  "types: python": check(async () => {
    await py([
      "-m",
      "mypy",
      "--config-file",
      "packages/countersign-py/pyproject.toml",
      "packages/countersign-py/src",
    ]);
    await py(["-m", "mypy", "--config-file", "apps/api-fastapi/pyproject.toml", "apps/api-fastapi/src"]);
  }),
  "unit: python": pytest("python"),
  "cross: both verifiers": vitest("cross", "e2e/cross"),
  "contract: both backends, both stores": listed("contract", "e2e/scenarios/matrix.ts"),
  "http: both backends": vitest("http", "e2e/api"),
  "http: revocation": vitest("revocation", "e2e/revocation"),
  "http: rotation under load": vitest("rotation", "e2e/rotation"),
  "browser: both backends": vitest("browser", "e2e/browser"),
  "proxy: isolation": vitest("proxy", "e2e/proxy"),
  start: vitest("start", "e2e/start"),
};

/** The stages whose tests make databases of their own on a PostgreSQL server. */
const usesPostgres = /unit: (?:package|api|web|workspace|python)|contract|http|browser|start/;

/** How long an interrupted stage may tidy up, in milliseconds. */
const tidying = 10_000;
let interrupted = false;
let stopPostgres = async () => {};

/**
 * One server for all stages, which find it in COUNTERSIGN_TEST_POSTGRES; a server that is named there already is used as it is.
 * It ends with the command, on Ctrl-C too: after the stage that runs, which gets the same signal and removes its databases.
 */
async function startPostgres() {
  if (process.env.COUNTERSIGN_TEST_POSTGRES) return "skipped";
  const server = await PostgresServer.start();
  process.env.COUNTERSIGN_TEST_POSTGRES = server.url;
  stopPostgres = () => server.stop();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => {
      interrupted = true;
      setTimeout(() => void stopPostgres().then(() => process.exit(1)), tidying).unref();
    });
}

async function main() {
  const words = process.argv.slice(2);
  const chosen = Object.entries(stages).filter(
    ([name]) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });

  await prepare("Install dependencies", installDependencies);
  await prepare("Prepare the Python environment", () => preparePython("requirements-dev"));
  await prepare("Build the package", buildPackage);
  if (chosen.some(([name]) => /browser|proxy|start/.test(name))) {
    await prepare("Build the web application", buildWeb);
    await prepare("Find a browser", ensureBrowser);
  }

  if (chosen.some(([name]) => usesPostgres.test(name))) await prepare("Start PostgreSQL", startPostgres);

  let [passed, failed] = [0, 0];
  const failures = [];
  for (const [name, stage] of chosen) {
    line(`\n${paint.bold(`── ${name}`)}`);
    const begin = performance.now();
    let holds = true;
    await stage.work().catch((error) => {
      holds = false;
      line(paint.red(error.message));
    });
    if (interrupted) break;
    const readable = stage.report === undefined ? holds : existsSync(stage.report);
    const result = readable ? stage.count() : { passed: 0, failed: 1 };
    // A runner that fails although every test passed is a failure all the same.
    if (!holds && result.failed === 0) result.failed = 1;
    if (result.passed + result.failed === 0) result.failed = 1;
    passed += result.passed;
    failed += result.failed;
    if (result.failed > 0) failures.push(name);
    line(
      paint.dim(
        `   ${name}: ${result.passed} passed, ${result.failed} failed, ${((performance.now() - begin) / 1000).toFixed(1)} s`,
      ),
    );
  }

  await stopPostgres();
  if (interrupted) process.exit(1);
  line();
  if (failures.length > 0) line(paint.red(`Failed: ${failures.join(", ")}`));
  line(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

async function prepare(name, work) {
  const begin = performance.now();
  line(paint.dim(`· ${name}`));
  const result = await work();
  if (result !== "skipped") line(paint.dim(`  ${((performance.now() - begin) / 1000).toFixed(1)} s`));
}

main().catch(async (error) => {
  await stopPostgres();
  giveUp(error);
});
