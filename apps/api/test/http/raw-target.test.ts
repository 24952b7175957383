import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { reduceTarget } from "../../src/http/raw-target.ts";

const file = new URL("../../../../contract/vectors/targets.json", import.meta.url);
const Case = z.object({
  name: z.string(),
  target: z.string(),
  path: z.string().nullable(),
  query: z.string().default(""),
});
const { cases } = z.object({ cases: z.array(Case) }).parse(JSON.parse(readFileSync(file, "utf8")));

describe("reduceTarget", () => {
  it.each(cases)("reads $name as the contract says", ({ target, path, query }) => {
    const wanted = path === null ? null : query === "" ? path : `${path}?${query}`;
    expect(reduceTarget(target)).toBe(wanted);
  });

  it("accepts a path of exactly 8192 bytes, with and without a slash at the end", () => {
    const path = `/${"u".repeat(8191)}`;
    expect(reduceTarget(path)).toBe(path);
    expect(reduceTarget(`${path}/`)).toBe(path);
  });

  it("refuses a path of 8193 bytes, with and without a slash at the end", () => {
    const path = `/${"u".repeat(8192)}`;
    expect(reduceTarget(path)).toBeNull();
    expect(reduceTarget(`${path}/`)).toBeNull();
  });
});
