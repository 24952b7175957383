import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromRoot } from "../workspace/folders.mjs";
import { python } from "../workspace/python-tools.mjs";

/** Entry points that both languages have. */
const entries = [
  ["src/index.ts", "watchword"],
  ["src/testing/index.ts", "watchword.testing"],
];

/** Names of one language alone, each with the reason. */
const oneLanguage = {
  TypeScript: {
    ClosableVerifier: "Python's Verifier has the method itself",
    FetchKeys: "in Python a type of the extra public-keys, which the package loads late",
    StandardSchemaV1: "schemas are functions in Python",
    NamedEvent: "Python's package makes events of the feed alone",
    ProblemDocument: "a dictionary in Python",
    AuditRecord: "a dictionary in Python",
    IssuerAlgorithm: "a literal of FakeIssuer in Python",
    IssuedToken: "keyword arguments in Python",
    FakeIssuerOptions: "keyword arguments in Python",
  },
  Python: {
    OMITTED: "undefined in TypeScript",
  },
};

/** The names that a TypeScript entry point exports. */
function exportedBy(file) {
  const text = readFileSync(fromRoot("packages", "watchword", file), "utf8");
  const blocks = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, names]) => names.split(","));
  return blocks.map((name) => name.trim().replace(/^type /, "")).filter((name) => name !== "");
}

function allOf(module) {
  const program = `import json, ${module} as m; print(json.dumps(m.__all__))`;
  return JSON.parse(execFileSync(python, ["-c", program], { encoding: "utf8" }));
}

/**
 * The name in Python: types keep theirs, functions and values are written with underscores, `createX(options)` is the
 * class `X(**options)`, options are keyword arguments, and constants are in capitals.
 */
function inPython(name, names) {
  if (/^create[A-Z]/.test(name)) return name.slice("create".length);
  if (/^[A-Z]/.test(name)) return name;
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return names.includes(snake.toUpperCase()) ? snake.toUpperCase() : snake;
}

describe.each(entries)("the names of %s", (file, module) => {
  const typescript = exportedBy(file);
  const names = allOf(module);

  it("are those of Python by rule", () => {
    const expected = typescript
      .filter((name) => !Object.hasOwn(oneLanguage.TypeScript, name))
      .filter((name) => !name.endsWith("Options") || names.includes(name))
      .map((name) => inPython(name, names));
    const own = names.filter((name) => !Object.hasOwn(oneLanguage.Python, name) || expected.includes(name));
    expect([...new Set(expected)].sort()).toEqual(own.sort());
  });
});
