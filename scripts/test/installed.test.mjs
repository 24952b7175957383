import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isInstalled } from "../workspace/installed.mjs";

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "watchword-installed-"));
  mkdirSync(join(folder, "node_modules", "hono"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hono = { version: "4.13.0", integrity: "sha512-a" };
const foreign = { version: "1.0.0", integrity: "sha512-b", optional: true };
const own = { "": {}, "apps/web": {}, "node_modules/web": { link: true } };
const write = (name, packages) => writeFileSync(join(folder, name), JSON.stringify({ packages }));

describe("what npm ci has installed", () => {
  it.each([
    ["counts", { "node_modules/hono": hono }, true],
    ["does not count in another version", { "node_modules/hono": { ...hono, version: "4.12.0" } }, false],
    ["does not count with other contents", { "node_modules/hono": { ...hono, integrity: "x" } }, false],
    ["does not count where a package is missing", {}, false],
  ])("%s", (_, noted, expected) => {
    write("package-lock.json", { ...own, "node_modules/hono": hono, "node_modules/foreign": foreign });
    write("node_modules/.package-lock.json", noted);
    expect(isInstalled(folder)).toBe(expected);
  });

  it("does not count where npm has noted nothing, or the folder is gone", () => {
    write("package-lock.json", { "node_modules/hono": hono });
    expect(isInstalled(folder)).toBe(false);
    write("node_modules/.package-lock.json", { "node_modules/hono": hono });
    rmSync(join(folder, "node_modules", "hono"), { recursive: true });
    expect(isInstalled(folder)).toBe(false);
  });
});
