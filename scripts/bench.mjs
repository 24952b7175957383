// `npm run bench -- verify`, `npm run bench -- data`: prepares what is measured, then measures. Results are written to bench/results.
import { fromRoot } from "./workspace/folders.mjs";
import { buildPackage, installDependencies, node24 } from "./workspace/node-tools.mjs";
import { run } from "./workspace/processes.mjs";
import { prepareBenchPython, preparePython } from "./workspace/python-tools.mjs";
import { giveUp, step } from "./workspace/steps.mjs";

/** What starts programs of the FastAPI application's environment. */
const runsFastapi = ["data", "rotation"];

async function main() {
  await step("Install dependencies", installDependencies);
  await step("Prepare the Python environment", () =>
    runsFastapi.includes(process.argv[2]) ? preparePython("requirements-dev") : prepareBenchPython(),
  );
  await step("Build the package", buildPackage);
  await run(node24(), [fromRoot("bench", "main.ts"), ...process.argv.slice(2)], { show: true });
}

main().catch(giveUp);
