// What is installed already.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Whether npm has installed what the lock file of a folder names: npm notes it in `node_modules/.package-lock.json`. */
export function isInstalled(folder) {
  const noted = join(folder, "node_modules", ".package-lock.json");
  if (!existsSync(noted)) return false;
  const wanted = packagesOf(join(folder, "package-lock.json"));
  const present = packagesOf(noted);
  return Object.entries(wanted).every(([path, { version, integrity, link, optional }]) => {
    if (link || !path.includes("node_modules/")) return true;
    const found = present[path];
    // A package for another platform is left out.
    if (found === undefined) return optional === true;
    return found.version === version && found.integrity === integrity && existsSync(join(folder, path));
  });
}

const packagesOf = (file) => JSON.parse(readFileSync(file, "utf8")).packages ?? {};
