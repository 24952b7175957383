/**
 * Runs files of cases in the corpus format against the TypeScript verifier, through the published entry points.
 *
 *   npm run vectors -- FILE [FILE…]     without a file: the whole corpus of contract/vectors but the issuer's cases
 *
 * One line per mismatch, `id expected got`; the last line is `N passed, N failed`. A case that cannot be run has failed.
 */
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { readCases } from "./vectors/case-file.mjs";
import { runCase } from "./vectors/run-case.mjs";
import { fromRoot } from "./workspace/folders.mjs";

/** Cases of the layer `issuer` are about `/api/auth/token`; a verifier cannot run them. */
function corpusFiles() {
  return ["corpus", "own"].flatMap((folder) => {
    const path = fromRoot("contract", "vectors", folder);
    return readdirSync(path)
      .filter((name) => name.endsWith(".json") && name !== "common.json" && name !== "issuer.json")
      .map((name) => resolve(path, name));
  });
}

const given = process.argv.slice(2);
const files = given.length > 0 ? given.map((file) => resolve(file)) : corpusFiles();
let passed = 0;
let failed = 0;
for (const file of files) {
  const { common, cases } = readCases(file);
  for (const one of cases) {
    const mismatch = await runCase(one, common);
    if (mismatch === undefined) passed += 1;
    else {
      failed += 1;
      console.log(`${one.id} ${mismatch.expected} ${mismatch.got}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
