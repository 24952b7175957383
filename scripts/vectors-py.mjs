// `npm run vectors:py -- FILE [FILE…]`: files of cases in the corpus format against the Python verifier.
import { spawn } from "node:child_process";
import { fromRoot } from "./workspace/folders.mjs";
import { preparePython, python } from "./workspace/python-tools.mjs";
import { step } from "./workspace/steps.mjs";

await step("Prepare the Python environment", () => preparePython());
const child = spawn(python, [fromRoot("packages", "watchword-py", "vectors"), ...process.argv.slice(2)], {
  stdio: "inherit",
});
child.on("close", (code) => {
  process.exitCode = code ?? 1;
});
