import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromRoot } from "../workspace/folders.mjs";

describe.each(["watchword", "watchword-py"])("packages/%s", (folder) => {
  it("carries the licence and a description, which are packed with it", () => {
    const licence = readFileSync(fromRoot("packages", folder, "LICENSE"), "utf8");
    expect(licence).toBe(readFileSync(fromRoot("LICENSE"), "utf8"));
    expect(readFileSync(fromRoot("packages", folder, "README.md"), "utf8")).toMatch(/^# watchword/);
  });
});

describe("the entry points of packages/watchword", () => {
  const manifest = JSON.parse(readFileSync(fromRoot("packages", "watchword", "package.json"), "utf8"));
  const { name, exports } = manifest;

  it("have types also for TypeScript's resolution node10, which reads no exports", () => {
    const subpaths = Object.entries(manifest.exports).filter(([path]) => path !== ".");
    expect(manifest.typesVersions).toEqual({
      "*": Object.fromEntries(subpaths.map(([path, { types }]) => [path.slice(2), [types]])),
    });
    expect([manifest.main, manifest.types]).toEqual([
      manifest.exports["."].default,
      manifest.exports["."].types,
    ]);
  });

  it("lead to the sources, which are not packed, under a condition that is the package's own", () => {
    for (const [entry, { [`${name}-source`]: source, ...packed }] of Object.entries(exports)) {
      const folder = source.replace(/^\.\/src\/(.*)\.ts$/, "./dist/$1");
      expect([entry, packed]).toEqual([entry, { types: `${folder}.d.ts`, default: `${folder}.js` }]);
      expect(() => readFileSync(fromRoot("packages", "watchword", source)), entry).not.toThrow();
    }
  });
});
