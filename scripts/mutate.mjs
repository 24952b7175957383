// `npm run mutate`: removes each step of the check order in turn, in both languages, and requires a test to notice.
// `npm run mutate -- python claims` takes only removals whose language or file holds one of the words.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { languages } from "./mutate/languages.mjs";
import { fromRoot } from "./workspace/folders.mjs";
import { childEnvironment } from "./workspace/processes.mjs";
import { preparePython } from "./workspace/python-tools.mjs";
import { giveUp, line, paint, StartError, step } from "./workspace/steps.mjs";

/** A removal that makes the tests run on for ever has been noticed. */
const longestRunSeconds = 120;
const expected = JSON.parse(readFileSync(fromRoot("scripts", "mutate", "expected.json"), "utf8"));

/** Whether the tests pass, in a copy of the project. */
function passes({ command, args, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: childEnvironment(env), stdio: ["ignore", "pipe", "pipe"] });
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => output.push(data));
    const timer = setTimeout(() => child.kill("SIGKILL"), longestRunSeconds * 1000);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ passed: code === 0, output: Buffer.concat(output).toString() });
    });
  });
}

/** Tries removals from the shared list until it is empty. Each worker has a copy of its own. */
async function work(language, target, queue, survivors) {
  for (let removal = queue.shift(); removal !== undefined; removal = queue.shift()) {
    const path = join(target, language.sources, removal.file);
    const source = readFileSync(path, "utf8");
    writeFileSync(path, source.slice(0, removal.start) + removal.replacement + source.slice(removal.end));
    const { passed } = await passes(language.test(target));
    writeFileSync(path, source);
    if (passed) survivors.push(removal);
  }
}

/** `inLine` tells removals of the same text in one file apart. */
const same = (removal) => (known) =>
  known.file === removal.file &&
  known.text === removal.text &&
  known.replacement === removal.replacement &&
  (known.inLine === undefined || known.inLine === removal.inLine);

async function mutate(language, words) {
  const begin = performance.now();
  const { removals: count, equivalent } = expected[language.name];
  const all = await language.removals(fromRoot(language.sources));
  const faults = [];
  if (all.length !== count) {
    faults.push(
      `${all.length} removals found, ${count} expected: look at the new ones, then correct expected.json`,
    );
  }
  const stale = equivalent.filter((known) => !all.some((removal) => same(removal)(known)));
  for (const { file, text } of stale) faults.push(`listed as equivalent but not there: ${file}: ${text}`);

  const wanted = (removal) =>
    words.length === 0 ||
    words.some((word) => `${language.name} ${removal.file}`.toLowerCase().includes(word));
  const chosen = all.filter((removal) => wanted(removal) && !equivalent.some(same(removal)));
  if (words.length > 0 && chosen.length === 0) return { noticed: 0, faults: 0 };
  const survivors = [];
  const targets = Array.from({ length: Math.min(4, availableParallelism()) }, () =>
    mkdtempSync(join(tmpdir(), "watchword-mutate-")),
  );
  try {
    for (const target of targets) language.prepare(target);
    const untouched = await passes(language.test(targets[0]));
    if (!untouched.passed) {
      throw new StartError(
        `The ${language.name} tests fail before anything is removed.\n${untouched.output}`,
      );
    }
    const queue = [...chosen];
    await Promise.all(targets.map((target) => work(language, target, queue, survivors)));
  } finally {
    for (const target of targets) rmSync(target, { recursive: true, force: true });
  }
  for (const { file, line: number, text, replacement } of survivors) {
    faults.push(
      `no test notices ${file}:${number}: ${text} → ${replacement === ";" ? "nothing" : replacement}`,
    );
  }
  for (const fault of faults) line(paint.red(`  ${language.name}: ${fault}`));
  line(
    `${language.name}: ${chosen.length} removed, ${chosen.length - survivors.length} noticed, ${equivalent.length} without effect by their reasons, ${((performance.now() - begin) / 1000).toFixed(0)} s`,
  );
  return { noticed: chosen.length - survivors.length, faults: faults.length };
}

async function main() {
  const words = process.argv.slice(2).map((word) => word.toLowerCase());
  await step("Prepare the Python environment", () => preparePython("requirements-dev"));
  let [passed, failed] = [0, 0];
  for (const language of languages) {
    const { noticed, faults } = await mutate(language, words);
    passed += noticed;
    failed += faults;
  }
  line(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

main().catch(giveUp);
