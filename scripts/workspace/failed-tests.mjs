// Which tests failed, and the first line of why: read from the report of a stage, and told once more where everything ends.
import { readFileSync } from "node:fs";

/** @returns of vitest's JSON report: one line per test, or per file that could not be loaded, that did not pass */
export function failedInVitest(report) {
  return JSON.parse(readFileSync(report, "utf8")).testResults.flatMap(
    ({ name, message, assertionResults }) => {
      const file = name.split("/").at(-1);
      const failed = assertionResults
        .filter(({ status }) => status !== "passed")
        .map(
          ({ fullName, status, failureMessages }) =>
            `${file}: ${fullName}: ${firstLine(failureMessages[0] ?? status)}`,
        );
      return failed.length === 0 && message ? [`${file}: ${firstLine(message)}`] : failed;
    },
  );
}

/** @returns of pytest's XML report: one line per test that failed, could not be set up, or was skipped */
export function failedInPytest(report) {
  const cases = readFileSync(report, "utf8").split("<testcase ").slice(1);
  return cases.flatMap((text) => {
    const why = /<(?:failure|error|skipped)[^>]*? message="([^"]*)"/.exec(text)?.[1];
    if (why === undefined) return [];
    const named = (attribute) => new RegExp(`\\b${attribute}="([^"]*)"`).exec(text)?.[1] ?? "";
    return [`${named("classname")}: ${named("name")}: ${firstLine(why.replaceAll("&#10;", "\n"))}`];
  });
}

const firstLine = (text) => text.trim().split("\n", 1)[0].slice(0, 200);
