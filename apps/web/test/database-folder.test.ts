import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigurationError } from "watchword";
import { prepareDatabaseFolder } from "../lib/database-folder.ts";

const root = mkdtempSync(path.join(tmpdir(), "watchword-folder-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("prepareDatabaseFolder", () => {
  it("makes the folder with everything above it", () => {
    const folder = path.join(root, "one", "two words");
    prepareDatabaseFolder(folder);
    expect(existsSync(folder)).toBe(true);
  });

  it("refuses a folder that cannot be made, and names it", () => {
    const file = path.join(root, "file");
    writeFileSync(file, "");
    const attempt = () => prepareDatabaseFolder(path.join(file, "data"));
    expect(attempt).toThrow(ConfigurationError);
    expect(attempt).toThrow(path.join(file, "data"));
  });
});
