// What a stage of the tests can be made of: each has its work, and counts what passed and failed from its own report.
// The work is told whether to show its output as it comes; otherwise it gives it when it ends.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { failedInPytest, failedInVitest } from "./failed-tests.mjs";
import { fromRoot } from "./folders.mjs";
import { node24 } from "./node-tools.mjs";
import { run } from "./processes.mjs";
import { python } from "./python-tools.mjs";

/** Where the reports are written. */
export const reports = fromRoot(".state", "reports");
export const tool = (...path) => fromRoot("node_modules", ...path);
export const node = (args, options) => run(node24(), args, options);
export const py = (args, options) => run(python, args, options);

/** One vitest project; its counts come from its own report. */
export function vitest(name, folder, env = {}) {
  const report = join(reports, `${name}.json`);
  const args = [tool("vitest", "vitest.mjs"), "run", "--root", fromRoot(folder)];
  return {
    report,
    work: (how) =>
      node([...args, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`], {
        env,
        ...how,
      }),
    count: () => {
      const { numPassedTests, numTotalTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8"));
      // A skipped test counts as failed; so does a file that could not be loaded.
      const failed = numTotalTests - numPassedTests;
      return {
        passed: numPassedTests,
        failed: failed === 0 && numTotalTests === 0 ? Math.max(1, numFailedTestSuites) : failed,
      };
    },
    failures: () => failedInVitest(report),
  };
}

export function pytest(name) {
  const report = join(reports, `${name}.xml`);
  return {
    report,
    work: (how) =>
      py(
        [
          "-m",
          "pytest",
          "-q",
          "-p",
          "no:cacheprovider",
          `--junitxml=${report}`,
          "packages/watchword-py",
          "apps/api-fastapi",
        ],
        how,
      ),
    count: () => {
      const suite = /<testsuite [^>]*>/.exec(readFileSync(report, "utf8"))?.[0] ?? "";
      const number = (attribute) => Number(new RegExp(` ${attribute}="(\\d+)"`).exec(suite)?.[1] ?? 0);
      const bad = number("failures") + number("errors") + number("skipped");
      return { passed: number("tests") - bad, failed: bad };
    },
    failures: () => failedInPytest(report),
  };
}

/** A program that prints a list of results and writes its counts to a report. */
export function listed(name, program) {
  const report = join(reports, `${name}.json`);
  return {
    report,
    work: (how) => node([fromRoot(program), "--report", report], how),
    count: () => JSON.parse(readFileSync(report, "utf8")),
  };
}

/** A check that either holds or does not. Its output is collected: the summary repeats its last lines when it fails. */
export const check = (work) => ({
  work: () => work({ show: false }),
  count: () => ({ passed: 1, failed: 0 }),
});

export const typecheck = (folder) =>
  check((how) => node([tool("typescript", "bin", "tsc"), "-p", folder], how));

/** A stage that leaves most of the machine idle: it runs while the stages after it do, and shows its output when it ends. */
export const beside = (stage) => ({ ...stage, beside: true });

/** A stage that measures times: it waits until no other runs. */
export const alone = (stage) => ({ ...stage, alone: true });
