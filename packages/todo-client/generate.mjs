// `npm run generate -w packages/todo-client`: writes src/schema.ts from contract/openapi.json. With `--check` it only compares.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTypescript, { astToString } from "openapi-typescript";

const contract = new URL("../../contract/openapi.json", import.meta.url);
const schema = new URL("src/schema.ts", import.meta.url);
const biome = new URL("../../node_modules/@biomejs/biome/bin/biome", import.meta.url);

const banner =
  "// Made from contract/openapi.json by `npm run generate -w packages/todo-client`. Change the contract, not this file.\n\n";

async function generated() {
  const types = astToString(await openapiTypescript(contract, { defaultNonNullable: false }));
  return format(banner + types.replaceAll(/^ *\/\*\*? @description .*\*\/\n/gm, ""));
}

/** In the project's own style, so that a change in the contract is all that a change in the file shows. */
function format(text) {
  const args = [fileURLToPath(biome), "format", "--stdin-file-path=schema.ts"];
  return execFileSync(process.execPath, args, { input: text, encoding: "utf8" });
}

const text = await generated();
if (!process.argv.includes("--check")) {
  writeFileSync(schema, text);
} else if (readFileSync(schema, "utf8") !== text) {
  process.stderr.write(
    "packages/todo-client/src/schema.ts is not what contract/openapi.json says. Run: npm run generate -w packages/todo-client\n",
  );
  process.exit(1);
}
