// A Chromium for the end-to-end tests: the system's, Debian's package, or the one that comes with the dependencies.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fromRoot } from "./folders.mjs";
import { run } from "./processes.mjs";
import { StartError } from "./steps.mjs";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const onPath = () => names.some((name) => succeeds("which", [name]));

export async function ensureBrowser() {
  if (process.env.CHROMIUM || onPath()) return "skipped";
  const debianRoot = process.getuid?.() === 0 && existsSync("/etc/debian_version");
  if (debianRoot && (await install())) return undefined;
  if (
    process.platform === "linux" &&
    process.arch === "x64" &&
    existsSync(fromRoot("node_modules", "@sparticuz", "chromium"))
  )
    return undefined;
  throw new StartError(
    "The end-to-end tests need Chromium. Install Chromium or Google Chrome, or set CHROMIUM to the path of its program.",
  );
}

async function install() {
  try {
    await run("apt-get", ["update", "-qq"]);
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
      env: { DEBIAN_FRONTEND: "noninteractive" },
    });
    return onPath();
  } catch {
    return false; // the one in the dependencies is next
  }
}

function succeeds(command, args) {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
