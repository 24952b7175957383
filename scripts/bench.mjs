// `npm run bench -- verify`: prepares what is measured, then measures. Results are written to bench/results.
import { fromRoot } from "./workspace/folders.mjs";
import { buildPackage, installDependencies, node24 } from "./workspace/node-tools.mjs";
import { run } from "./workspace/processes.mjs";
import { prepareBenchPython } from "./workspace/python-tools.mjs";
import { giveUp } from "./workspace/steps.mjs";

async function main() {
  await installDependencies();
  await prepareBenchPython();
  await buildPackage();
  await run(node24(), [fromRoot("bench", "main.ts"), ...process.argv.slice(2)], { show: true });
}

main().catch(giveUp);
