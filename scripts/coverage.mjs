// `npm run coverage`: every branch of the recipe is taken by the verifier's tests, in both languages.
import { pythonCoverage } from "./branches/python.mjs";
import { typescriptCoverage } from "./branches/typescript.mjs";
import { giveUp, line, paint, StartError } from "./workspace/steps.mjs";

async function main() {
  let complete = true;
  for (const measure of [typescriptCoverage, pythonCoverage]) {
    const { file, unit, least, all, missed } = await measure();
    // A tool that looks at nothing finds nothing missing.
    if (all < least) throw new StartError(`Only ${all} ${unit} of ${file} were seen.`);
    for (const text of missed)
      line(paint.red(`  no test enters: ${text.replace(/\s+/g, " ").slice(0, 200)}`));
    line(`${file}: ${all - missed.length} of ${all} ${unit} entered`);
    complete &&= missed.length === 0;
  }
  process.exitCode = complete ? 0 : 1;
}

main().catch(giveUp);
