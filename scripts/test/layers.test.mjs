import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { fromRoot, root } from "../workspace/folders.mjs";

const source = fromRoot("packages", "watchword", "src");

/** Which folders of the package each folder may import from. */
const allowed = {
  core: ["core"],
  server: ["core", "server"],
  "better-auth": ["core", "better-auth"],
  client: ["client", "core/errors.ts", "core/clock.ts", "core/request-id.ts", "core/session-change.ts"],
  testing: ["core", "testing"],
  database: ["database"],
};

/** The order inside `core`: a file may import only from files in an earlier row. */
const coreOrder = [
  [
    "errors.ts",
    "clock.ts",
    "algorithms.ts",
    "standard-schema.ts",
    "address.ts",
    "request-id.ts",
    "audit-record.ts",
    "cookie-forms.ts",
    "session-change.ts",
    "source-status.ts",
  ],
  [
    "base64url.ts",
    "small-order.ts",
    "strict-json.ts",
    "utf8.ts",
    "key-strength.ts",
    "bearer.ts",
    "challenge.ts",
    "revocation.ts",
    "revocation-erasure.ts",
    "revocation-pace.ts",
    "revocation-readiness.ts",
    "known-headers.ts",
  ],
  ["claims.ts", "keys.ts", "revocation-list.ts"],
  ["revocation-answer.ts"],
  ["revocation-follower.ts"],
  ["revocation-events.ts", "key-set-events.ts"],
  ["identity.ts", "jws.ts", "key-set.ts", "key-settings.ts"],
  ["own-claims.ts"],
  ["public-keys.ts", "signature.ts", "token-cache.ts", "revocation-token.ts"],
  ["revocation-request.ts"],
  ["revocation-demand.ts"],
  ["revocation-feed-options.ts"],
  ["revocation-feed.ts"],
  ["fetch-key-set.ts"],
  ["remote-key-set.ts"],
  ["header.ts", "verifier-options.ts"],
  ["configured-keys.ts", "reject-event.ts"],
  ["policy.ts", "environment.ts"],
  ["revocation-settings.ts"],
  ["verify.ts"],
];

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

  it("imports downward only between folders", () => {
    const wrong = internal.filter(({ from, to }) => {
      const folder = from.split("/")[0];
      const targets = allowed[folder];
      return targets !== undefined && !targets.some((target) => to === target || to.startsWith(`${target}/`));
    });
    expect(wrong).toEqual([]);
  });

  it("imports downward only inside core", () => {
    const rank = (path) => coreOrder.findIndex((row) => row.includes(path.slice("core/".length)));
    const inside = internal.filter(({ from, to }) => from.startsWith("core/") && to.startsWith("core/"));
    expect(
      [...new Set(inside.flatMap(({ from, to }) => [from, to]))].filter((path) => rank(path) < 0),
    ).toEqual([]);
    expect(inside.filter(({ from, to }) => rank(to) >= rank(from))).toEqual([]);
  });

  it("keeps adapters apart from each other", () => {
    const isAdapter = (path) => adapters.some((name) => path === `server/${name}`);
    expect(internal.filter(({ from, to }) => isAdapter(from) && isAdapter(to))).toEqual([]);
  });

  it("brings no Node module into the browser's files", () => {
    const browser = [...files(join(source, "client")), join(source, "better-auth", "client.ts")];
    const found = browser.flatMap((file) => imports(file).filter((target) => target.startsWith("node:")));
    expect(browser.length).toBeGreaterThan(2);
    expect(found).toEqual([]);
  });

  it("needs no package at run time in core and server/authenticate", () => {
    const bare = files(join(source, "core")).flatMap((file) =>
      imports(file).filter((target) => !/^(\.|node:)/.test(target)),
    );
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
