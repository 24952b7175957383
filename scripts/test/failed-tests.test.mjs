import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failedInPytest, failedInVitest } from "../workspace/failed-tests.mjs";
import { node24 } from "../workspace/node-tools.mjs";
import { python } from "../workspace/python-tools.mjs";
import { tool } from "../workspace/stages.mjs";

let folder;
let report;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watchword-reports-"));
  report = join(folder, "report");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function vitestOn(name, text) {
  writeFileSync(join(folder, name), text);
  const args = ["run", "--root", folder, "--globals", "--reporter=json", `--outputFile.json=${report}`];
  spawnSync(node24(), [tool("vitest", "vitest.mjs"), ...args]);
  return failedInVitest(report);
}

function pytestOn(text) {
  writeFileSync(join(folder, "test_one.py"), text);
  // Without it pytest names modules from what the folder and the checkout have in common.
  const rootdir = `--rootdir=${folder}`;
  const args = ["-m", "pytest", "-q", "-p", "no:cacheprovider", rootdir, `--junitxml=${report}`, folder];
  spawnSync(python, args);
  return failedInPytest(report);
}

describe("what failed is told once more at the end", () => {
  it("by file, name and first line of the reason, for vitest", () => {
    const text = `it("holds", () => {}); describe("a sum", () => { it("is right", () => { expect(1 + 1).toBe(3); }); });`;
    expect(vitestOn("one.test.js", text)).toEqual([
      "one.test.js: a sum is right: AssertionError: expected 2 to be 3 // Object.is equality",
    ]);
  });

  it("a skipped test too, which counts as failed", () => {
    expect(vitestOn("one.test.js", `it.skip("waits", () => {}); it("holds", () => {});`)).toEqual([
      "one.test.js: waits: skipped",
    ]);
  });

  it("a file that cannot be loaded too", () => {
    expect(vitestOn("one.test.js", `throw new Error("no such thing"); it("holds", () => {});`)).toEqual([
      "one.test.js: no such thing",
    ]);
  });

  it("by module, name and first line of the reason, for pytest", () => {
    const text = "def test_holds():\n    pass\n\n\ndef test_sum():\n    assert 1 + 1 == 3\n";
    expect(pytestOn(text)).toEqual(["test_one: test_sum: assert (1 + 1) == 3"]);
  });

  it("nothing where everything holds", () => {
    expect(vitestOn("one.test.js", `it("holds", () => {});`)).toEqual([]);
    expect(pytestOn("def test_holds():\n    pass\n")).toEqual([]);
  });
});
