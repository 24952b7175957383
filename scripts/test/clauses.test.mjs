import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { fromRoot } from "../workspace/folders.mjs";
import { node24 } from "../workspace/node-tools.mjs";

it("contract/clauses.json is what contract/README.md says", () => {
  const args = [fromRoot("scripts", "clauses.mjs"), "--check"];
  expect(execFileSync(node24(), args, { encoding: "utf8" })).toBe("");
});

it("every code that refuses a token is decided by a clause", () => {
  const read = (name) => JSON.parse(readFileSync(fromRoot("contract", name), "utf8"));
  const decided = new Set(Object.values(read("clauses.json")).flatMap(({ codes }) => codes));
  const refusing = Object.entries(read("errors.json").codes).filter(
    ([, { error }]) => error !== undefined && error,
  );
  expect(refusing.map(([code]) => code).filter((code) => !decided.has(code))).toEqual([]);
});
