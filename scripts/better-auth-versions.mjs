// `npm run test:better-auth`: each version of Better Auth that the package allows, in a folder of its own, with the packed plugin and
// with the tests of what Better Auth alone does not prevent.
// Ends with the line `N passed, N failed`.
import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { fromRoot } from "./workspace/folders.mjs";
import { buildPackage, node24 } from "./workspace/node-tools.mjs";
import { giveUp, line } from "./workspace/steps.mjs";

const run = promisify(execFile);

export const { tested: versions } = JSON.parse(
  readFileSync(fromRoot("contract", "better-auth.json"), "utf8"),
);

/** What protects against Better Auth itself: each of them first shows the danger, where the version has it. */
const controls = ["caller", "corpus", "feed", "secondary-storage", "tested-versions", "verify-email"];

/** @returns what the program wrote; rejects when a step of it or a test fails */
export async function tryVersion(version) {
  const folder = mkdtempSync(join(tmpdir(), "watchword-better-auth-"));
  try {
    await run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder], {
      cwd: fromRoot("packages", "watchword"),
    });
    const packed = readdirSync(folder).find((name) => name.endsWith(".tgz"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--silent"];
    await run("npm", ["install", ...options, `./${packed}`, `better-auth@${version}`], { cwd: folder });
    copyFileSync(fromRoot("scripts", "test", "better-auth-program.mjs"), join(folder, "program.mjs"));
    const { stdout } = await run(node24(), ["program.mjs"], { cwd: folder });
    await testWith(folder, version);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tests on the sources, with the Better Auth in that folder. */
function testWith(folder, version) {
  const files = controls.map((name) => `test/issuer/${name}.test.ts`);
  return run(node24(), [fromRoot("node_modules", "vitest", "vitest.mjs"), "run", ...files], {
    cwd: fromRoot("packages", "watchword"),
    env: {
      ...process.env,
      WATCHWORD_BETTER_AUTH: folder,
      WATCHWORD_BETTER_AUTH_VERSION: version,
    },
  });
}

async function main() {
  await buildPackage();
  let failed = 0;
  for (const version of versions) {
    try {
      await tryVersion(version);
      line(`better-auth ${version}: passed`);
    } catch (error) {
      failed += 1;
      line(`better-auth ${version}: ${error.stdout ?? ""}${error.stderr || error.message}`);
    }
  }
  line(`${versions.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main().catch(giveUp);
