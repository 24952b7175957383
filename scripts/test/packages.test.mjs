import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromRoot } from "../workspace/folders.mjs";

describe.each(["countersign", "countersign-py"])("packages/%s", (folder) => {
  it("carries the licence and a description, which are packed with it", () => {
    const licence = readFileSync(fromRoot("packages", folder, "LICENSE"), "utf8");
    expect(licence).toBe(readFileSync(fromRoot("LICENSE"), "utf8"));
    expect(readFileSync(fromRoot("packages", folder, "README.md"), "utf8")).toMatch(/^# countersign/);
  });
});
