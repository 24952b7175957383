// `npm run test:matrix`: the whole browser suite on each backend in each API mode. Ends with a table and the line `N passed, N failed`.
// `npm run test:matrix -- proxy` runs only the pairs whose name holds one of the words.
import { conclude, runStages } from "./workspace/run-stages.mjs";
import { vitest } from "./workspace/stages.mjs";
import { giveUp, line } from "./workspace/steps.mjs";

const backends = ["hono", "fastapi"];
const modes = ["direct", "proxy"];
const pairs = backends.flatMap((backend) => modes.map((mode) => `${backend}+${mode}`));

const words = process.argv.slice(2);
const chosen = pairs.filter((pair) => words.length === 0 || words.some((word) => pair.includes(word)));
const stages = chosen.map((pair) => [
  `browser: ${pair}`,
  vitest(`browser-${pair}`, "e2e/browser", { WATCHWORD_PAIRS: pair }),
]);

function table(results) {
  line(`\n${"pair".padEnd(16)}passed  failed`);
  for (const [index, { passed, failed }] of results.entries())
    line(`${chosen[index].padEnd(16)}${String(passed).padStart(6)}${String(failed).padStart(8)}`);
}

runStages(Object.fromEntries(stages)).then((results) => {
  table(results);
  conclude(results);
}, giveUp);
