// `npm test`: everything, on a clean checkout. Ends with the line `N passed, N failed`.
// `npm test -- unit web` runs only the stages whose name holds one of the words.
import { fromRoot } from "./workspace/folders.mjs";
import { conclude, runStages } from "./workspace/run-stages.mjs";
import {
  alone,
  beside,
  check,
  listed,
  node,
  py,
  pytest,
  tool,
  typecheck,
  vitest,
} from "./workspace/stages.mjs";
import { giveUp } from "./workspace/steps.mjs";

const stages = {
  lint: check((how) =>
    node([tool("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."], how),
  ),
  "types: package": typecheck("packages/watchword"),
  "types: api": typecheck("apps/api"),
  "types: todo-client": typecheck("packages/todo-client"),
  "types: web": typecheck("apps/web"),
  "types: e2e": typecheck("e2e"),
  "types: bench": typecheck("bench"),
  "types: examples": typecheck("docs/examples"),
  "lint: python": check(async (how) => {
    await py(["-m", "ruff", "check", "packages/watchword-py", "apps/api-fastapi"], how);
    await py(["-m", "ruff", "format", "--check", "packages/watchword-py", "apps/api-fastapi"], how);
    // Programs beside the packages, by the package's rules.
    const config = "--config=packages/watchword-py/pyproject.toml";
    await py(["-m", "ruff", "check", config, "e2e", "scripts", "bench"], how);
    await py(["-m", "ruff", "format", "--check", config, "e2e", "scripts", "bench"], how);
    const layers = ["-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"];
    for (const folder of ["packages/watchword-py", "apps/api-fastapi"])
      await py(layers, { ...how, cwd: fromRoot(folder) });
  }),
  "types: python": check(async (how) => {
    for (const folder of ["packages/watchword-py", "apps/api-fastapi"])
      await py(["-m", "mypy", "--config-file", `${folder}/pyproject.toml`, `${folder}/src`], how);
    await py(["-m", "mypy", "--config-file", "packages/watchword-py/pyproject.toml", "docs/examples"], how);
  }),
  "unit: python": beside(pytest("python")),
  "http: revocation": beside(vitest("revocation", "e2e/revocation")),
  "unit: package": vitest("package", "packages/watchword"),
  "coverage: verifier": check((how) => node([fromRoot("scripts", "coverage.mjs")], how)),
  "unit: api": vitest("api", "apps/api"),
  "unit: web": vitest("web", "apps/web"),
  "unit: workspace": vitest("workspace", "scripts"),
  "cross: both verifiers": vitest("cross", "e2e/cross"),
  "contract: both backends, both stores": alone(listed("contract", "e2e/scenarios/matrix.ts")),
  "http: rotation under load": beside(vitest("rotation", "e2e/rotation")),
  "http: both backends": vitest("http", "e2e/api"),
  "browser: both backends, both modes": vitest("browser", "e2e/browser"),
  "proxy: isolation": vitest("proxy", "e2e/proxy"),
  start: vitest("start", "e2e/start"),
};

const words = process.argv.slice(2);
const chosen = Object.entries(stages).filter(
  ([name]) => words.length === 0 || words.some((word) => name.includes(word)),
);
runStages(Object.fromEntries(chosen)).then(conclude, giveUp);
