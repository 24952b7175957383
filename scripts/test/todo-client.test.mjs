import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { fromRoot } from "../workspace/folders.mjs";
import { node24 } from "../workspace/node-tools.mjs";

it("the typed client is what contract/openapi.json says", () => {
  const args = [fromRoot("packages", "todo-client", "generate.mjs"), "--check"];
  expect(execFileSync(node24(), args, { encoding: "utf8" })).toBe("");
});
