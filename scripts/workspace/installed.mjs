// What is installed already, and the lock that keeps two commands from installing at once.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { StartError } from "./steps.mjs";

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

/** Does `work` while no other command of this folder does. A lock that an ended process left is taken over. */
export async function alone(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const other = Number(readFileSync(file, "utf8"));
    if (isRunning(other)) {
      throw new StartError(
        `Another command (process ${other}) is installing the dependencies. Wait until it has ended, then run this one again.`,
      );
    }
    writeFileSync(file, String(process.pid));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function isRunning(id) {
  if (!Number.isInteger(id) || id < 1) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
