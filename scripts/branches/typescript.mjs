// Which blocks of token/verify.ts the verifier's tests enter, as V8 counts blocks.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { languages } from "../mutate/languages.mjs";
import { fromRoot } from "../workspace/folders.mjs";
import { node24 } from "../workspace/node-tools.mjs";
import { run } from "../workspace/processes.mjs";

const [typescript] = languages;
const file = "token/verify.ts";

/** What is random, weighs memory or asks real servers: nothing that says whether a block is entered. */
const elsewhere = /\.property\.|-memory\.|-over-http\./;

/** One test file that holds all others, so that V8 counts over all of them at once. */
const together = (names, answer) => `
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { afterAll } from "vitest";

const session = new Session();
session.connect();
function ask(method: string, parameters?: object) {
  let answer: any;
  session.post(method, parameters, (fault, result) => {
    if (fault) throw fault;
    answer = result;
  });
  return answer;
}
ask("Debugger.enable");
ask("Profiler.enable");
ask("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
afterAll(() => {
  const [script] = ask("Profiler.takePreciseCoverage").result.filter(({ url }) => url.endsWith("/src/${file}"));
  const { scriptSource } = ask("Debugger.getScriptSource", { scriptId: script.scriptId });
  const blocks = script.functions.flatMap(({ ranges }) => ranges);
  const missed = blocks.filter(({ count }) => count === 0);
  const texts = missed.map(({ startOffset, endOffset }) => scriptSource.slice(startOffset, endOffset));
  writeFileSync(${JSON.stringify(answer)}, JSON.stringify({ blocks: blocks.length, missed: texts }));
});
${names.map((name) => `await import("./${name}");`).join("\n")}
`;

/** @returns {Promise<{ file: string, unit: string, least: number, all: number, missed: string[] }>} */
export async function typescriptCoverage() {
  const target = mkdtempSync(join(tmpdir(), "watchword-coverage-"));
  try {
    typescript.prepare(target);
    const folder = join(target, "packages", "watchword", "test");
    const names = ["token", "keys", "feed"]
      .flatMap((room) => readdirSync(join(folder, room)).map((name) => `${room}/${name}`))
      .filter((name) => name.endsWith(".test.ts") && !elsewhere.test(name));
    const answer = join(target, "answer.json");
    writeFileSync(join(folder, "together.test.ts"), together(names, answer));
    const vitest = fromRoot("node_modules", "vitest", "vitest.mjs");
    const root = join(target, "packages", "watchword");
    await run(node24(), [vitest, "run", "--root", root, "--pool=threads", "test/together.test.ts"]);
    const { blocks, missed } = JSON.parse(readFileSync(answer, "utf8"));
    // What the test runner adds around exports is not ours; an empty block has no place at which it could be counted.
    const ours = missed.filter((text) => !text.includes("__vi") && !/^catch \{\s*\}$/.test(text));
    return { file, unit: "blocks", least: 30, all: blocks - missed.length + ours.length, missed: ours };
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}
