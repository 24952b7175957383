// What can be removed from the Python verifier; the syntax tree is read by Python itself.
import { join } from "node:path";
import { fromRoot } from "../workspace/folders.mjs";
import { run } from "../workspace/processes.mjs";
import { python } from "../workspace/python-tools.mjs";
import { typescriptFiles } from "./typescript.mjs";

/** Where Python keeps what TypeScript has elsewhere: the choices of a route stand in the adapter itself. */
const elsewhere = { "_adapters/route_verifier.py": "fastapi.py" };

/** The twins of the TypeScript files, in rooms of the same names; what is one file there and more here. */
export const pythonFiles = [
  ...typescriptFiles
    .map((file) => `_${file.replaceAll("-", "_").replace(/\.ts$/, ".py")}`)
    .map((file) => elsewhere[file] ?? file),
  "_encoding/segments.py",
  "_keys/hmac.py",
  "_keys/public_signature.py",
];

/** Every removal in one file, in the form of `removalsInTypeScript`. */
export async function removalsInPython(folder, file) {
  const found = await run(python, [fromRoot("scripts", "mutate", "removals.py"), join(folder, file)]);
  return JSON.parse(found).map((removal) => ({ file, ...removal }));
}
