// `npm run contract -- --url http://localhost:8000`: holds a running service against the contract, whatever it is made of.
import { fromRoot } from "./workspace/folders.mjs";
import { buildPackage, installDependencies, node24 } from "./workspace/node-tools.mjs";
import { run } from "./workspace/processes.mjs";
import { giveUp, step } from "./workspace/steps.mjs";

async function main() {
  await step("Install dependencies", installDependencies);
  await step("Build the package", buildPackage);
  await run(node24(), [fromRoot("e2e", "scenarios", "main.ts"), ...process.argv.slice(2)], {
    show: true,
    failure: "The service does not keep the contract (see above), or it could not be asked.",
  });
}

main().catch(giveUp);
