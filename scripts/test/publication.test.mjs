import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { published, repository } from "../publication.mjs";
import { fromRoot, root } from "../workspace/folders.mjs";
import { node24 } from "../workspace/node-tools.mjs";

const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 })
  .split("\0")
  .filter((file) => file !== "");
const manifest = JSON.parse(readFileSync(fromRoot("packages", "watchword", "package.json"), "utf8"));
const pythonProject = readFileSync(fromRoot("packages", "watchword-py", "pyproject.toml"), "utf8");
const earlierName = ["counter", "sign"].join("");

describe("the earlier name", () => {
  it("stands in one line of the changelog and in no other file or path", () => {
    const places = files.flatMap((file) => {
      const lines = readFileSync(fromRoot(file), "latin1").toLowerCase().split("\n");
      const found = lines.filter((line) => line.includes(earlierName)).map(() => file);
      return file.toLowerCase().includes(earlierName) ? [...found, file] : found;
    });
    expect(places).toEqual(["CHANGELOG.md"]);
  });
});

describe.runIf(!published)("until the packages are published", () => {
  it("no line tells anyone to take them from a registry", () => {
    const registry =
      /\b(?:npm (?:i|install|add)|pnpm (?:i|add)|yarn add|bun add|pip3? install|uv (?:pip install|add)|npx|pnpx|bunx)\b[^\n]*?(?<![\w/.@-])["']?watchword(?![\w/-])(?!-\d)/;
    const lines = files
      .filter(
        (file) => /\.(md|ts|tsx|mjs|py|toml|json|yaml|html)$/.test(file) && file !== "package-lock.json",
      )
      .flatMap((file) =>
        readFileSync(fromRoot(file), "utf8")
          .split("\n")
          .map((line) => `${file}: ${line.trim()}`),
      );
    const own = ["scripts/publication.mjs", "scripts/test/publication.test.mjs"];
    expect(lines.filter((line) => registry.test(line) && !own.some((file) => line.startsWith(file)))).toEqual(
      [],
    );
  });

  it("npm publish stops with a sentence that says what to do", () => {
    expect(manifest.scripts.prepublishOnly).toBe("node ../../scripts/publication.mjs");
    const { status, stderr } = spawnSync(node24(), [fromRoot("scripts", "publication.mjs")], {
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining("Set repository and published in contract/"),
    ]);
  });
});

describe("the registries", () => {
  // `npm publish <tarball>` runs no script: `private` is what refuses it.
  it("refuse both packages until they are published, and take them then", () => {
    expect([manifest.private === true, pythonProject.includes('"Private :: Do Not Upload"')]).toEqual([
      !published,
      !published,
    ]);
  });
});

describe("the address of the repository", () => {
  it("is the one of contract/publication.json in the metadata of both packages", () => {
    const { homepage, repository: source, bugs } = manifest;
    expect([homepage, source.url, bugs]).toEqual([repository, repository, `${repository}/issues`]);
    const urls = /\[project\.urls\]\n((?:\w+ = ".*"\n)+)/.exec(pythonProject)?.[1].trim().split("\n");
    expect(urls).toEqual([
      `Homepage = "${repository}"`,
      `Repository = "${repository}"`,
      `Issues = "${repository}/issues"`,
    ]);
  });
});
