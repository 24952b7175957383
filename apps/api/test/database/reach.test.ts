import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const source = fileURLToPath(new URL("../../src/", import.meta.url));
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith(".ts"),
);

/** What a file imports, as `name from module`. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(source, file), "utf8");
  return [...text.matchAll(/^import (?:type )?([^;]*?) from "([^"]+)";/gms)].map(
    ([, names, module]) => `${names} from ${module}`,
  );
}

describe("the rows", () => {
  it("are reached from outside of src/database through the handle alone", () => {
    const outside = files.filter((file) => !file.startsWith("database/"));
    expect(outside.length).toBeGreaterThan(30);
    const direct = /\bKysely\b|\bfrom (?:pg|node:sqlite|@better-auth\/kysely-adapter.*|watchword\/kysely)$/;
    const found = outside.flatMap((file) =>
      importsOf(file)
        .filter((line) => direct.test(line))
        .map((line) => `${file}: ${line}`),
    );
    expect(found).toEqual([]);
    expect(importsOf("database/postgres.ts").some((line) => direct.test(line))).toBe(true);
  });
});
