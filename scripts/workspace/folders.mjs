// Where things are, and whether they changed: one fingerprint per set of files.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { exclusively } from "./lock.mjs";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const fromRoot = (...parts) => join(root, ...parts);

const generated = new Set([
  "next-env.d.ts",
  "node_modules",
  "dist",
  ".next",
  ".venv",
  "__pycache__",
  "coverage",
  "test",
  "tests",
]);

/** SHA-256 over names and contents of all files under `paths` (relative to the root), without what is generated. */
export function fingerprint(paths, extra = "") {
  const hash = createHash("sha256").update(extra);
  for (const path of paths) {
    for (const file of filesUnder(fromRoot(path))) {
      hash.update(relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
    }
  }
  return hash.digest("hex");
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !generated.has(entry.name) && !entry.name.endsWith(".tsbuildinfo"))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory()
        ? filesUnder(join(path, entry.name))
        : entry.isFile()
          ? [join(path, entry.name)]
          : [],
    );
}

/**
 * Runs `work`, which is at `doing`, unless the stamp in `file` holds one of `values`; after success the first of them becomes the
 * stamp. One process of the checkout works at a time. Answers "skipped" when there was nothing to do.
 */
export async function onceFor(doing, file, values, work, lock = fromRoot(".state", "lock")) {
  const done = () => existsSync(file) && values.includes(readFileSync(file, "utf8"));
  if (done()) return "skipped";
  return exclusively(lock, doing, async () => {
    // Another process may have done it while this one waited.
    if (done()) return "skipped";
    // Work that is interrupted leaves neither the old nor the new result.
    rmSync(file, { force: true });
    await work();
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, values[0]);
  });
}
