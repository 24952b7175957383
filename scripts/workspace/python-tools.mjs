// The Python side: an interpreter that is new enough, and an environment of its own with pinned versions.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fingerprint, fromRoot, onceFor, root } from "./folders.mjs";
import { run } from "./processes.mjs";
import { StartError } from "./steps.mjs";

const environment = fromRoot("apps", "api-fastapi", ".venv");
const interpreterOf = (folder) =>
  process.platform === "win32" ? join(folder, "Scripts", "python.exe") : join(folder, "bin", "python");
export const python = interpreterOf(environment);

/** First interpreter of at least 3.10 among `PYTHON` and the usual names. */
function findPython() {
  const names = [
    process.env.PYTHON,
    "python3",
    "python",
    "python3.14",
    "python3.13",
    "python3.12",
    "python3.11",
    "python3.10",
  ];
  for (const name of names.filter(Boolean)) {
    try {
      const version = execFileSync(name, ["-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      const [major, minor] = version.toString().trim().split(".").map(Number);
      if (major === 3 && minor >= 10) return { name, version: version.toString().trim() };
    } catch {
      // not there, or too broken to say its version
    }
  }
  throw new StartError(
    "Python 3.10 or newer was not found. Install it, or set PYTHON to the path of its interpreter, and run the command again.",
  );
}

const preparing = "preparing the Python environment";

/** Makes the environment when its pinned versions, the interpreter or the folder changed. `kind`: "requirements" or "requirements-dev". */
export function preparePython(kind = "requirements") {
  const { name, version } = findPython();
  const sources = [
    "apps/api-fastapi/requirements.txt",
    "apps/api-fastapi/requirements-dev.txt",
    "apps/api-fastapi/pyproject.toml",
    "packages/watchword-py/pyproject.toml",
  ];
  const stamp = (what) => fingerprint(sources, `${root}\0${version}\0${what}`);
  // What is enough for the tests is enough for the server.
  const stamps = kind === "requirements" ? [stamp(kind), stamp("requirements-dev")] : [stamp(kind)];
  return onceFor(preparing, join(environment, ".built-from"), stamps, () =>
    makeEnvironment(name, environment, kind, ["packages/watchword-py", "apps/api-fastapi"]),
  );
}

const benchEnvironment = fromRoot("bench", ".venv");

/** Makes the environment with the Python libraries that are measured beside this one. */
export function prepareBenchPython() {
  const { name, version } = findPython();
  const sources = ["apps/api-fastapi/requirements-bench.txt", "packages/watchword-py/pyproject.toml"];
  const stamp = fingerprint(sources, `${root}\0${version}`);
  return onceFor(preparing, join(benchEnvironment, ".built-from"), [stamp], () =>
    makeEnvironment(name, benchEnvironment, "requirements-bench", ["packages/watchword-py"]),
  );
}

async function makeEnvironment(name, folder, requirements, packages) {
  rmSync(folder, { recursive: true, force: true });
  await run(name, ["-m", "venv", folder], {
    failure:
      "Python could not make an environment. On Debian and Ubuntu install the package python3-venv, then run the command again.",
  });
  const interpreter = interpreterOf(folder);
  const pip = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet"];
  const list = fromRoot("apps", "api-fastapi", `${requirements}.txt`);
  await run(interpreter, [...pip, "--require-hashes", "-r", list], {
    failure:
      "Installing the Python packages failed (see above). Check the network connection and run the command again.",
  });
  const editable = packages.flatMap((path) => ["-e", fromRoot(path)]);
  await run(interpreter, [...pip, "--no-deps", "--no-build-isolation", ...editable]);
}
