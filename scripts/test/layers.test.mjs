import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { fromRoot, root } from "../workspace/folders.mjs";

const source = fromRoot("packages", "watchword", "src");

const adapters = ["hono.ts", "express.ts", "fastify.ts", "next.ts"];

function files(folder, endings = /\.(ts|tsx|mts|mjs)$/) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (["node_modules", ".next", "dist"].includes(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path, endings) : endings.test(entry.name) ? [path] : [];
  });
}

function imports(file) {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map((match) => match[1]);
}

const internal = files(source).flatMap((file) =>
  imports(file)
    .filter((target) => target.startsWith("."))
    .map((target) => ({
      from: relative(source, file),
      to: relative(source, resolve(dirname(file), target)),
    })),
);

describe("the package's layers", () => {
  it("has imports to look at", () => {
    expect(internal.length).toBeGreaterThan(20);
  });

  it("keeps adapters apart from each other", () => {
    const isAdapter = (path) => adapters.some((name) => path === `adapters/${name}`);
    expect(internal.filter(({ from, to }) => isAdapter(from) && isAdapter(to))).toEqual([]);
  });

  it("brings no Node module into the browser's files", () => {
    const browser = [...files(join(source, "client")), join(source, "issuer", "client.ts")];
    const found = browser.flatMap((file) => imports(file).filter((target) => target.startsWith("node:")));
    expect(browser.length).toBeGreaterThan(2);
    expect(found).toEqual([]);
  });

  it("needs no package at run time in the verifier", () => {
    const rooms = ["encoding", "keys", "token", "feed", "guard"].flatMap((room) => files(join(source, room)));
    const bare = rooms.flatMap((file) => imports(file).filter((target) => !/^(\.|node:)/.test(target)));
    expect(bare).toEqual([]);
  });
});

describe("the applications", () => {
  it("import published entry points of the package only", () => {
    const entries = Object.keys(
      JSON.parse(readFileSync(fromRoot("packages", "watchword", "package.json"), "utf8")).exports,
    );
    const published = entries.map((entry) => `watchword${entry.slice(1)}`);
    const wrong = ["apps/api", "apps/web", "bench", "e2e"].flatMap((folder) =>
      files(fromRoot(folder)).flatMap((file) =>
        imports(file)
          .filter((target) => /(^|\/)watchword(\/|$)/.test(target) || target.includes("packages/"))
          .filter((target) => !published.includes(target))
          .map((target) => `${relative(root, file)}: ${target}`),
      ),
    );
    expect(wrong).toEqual([]);
  });
});
