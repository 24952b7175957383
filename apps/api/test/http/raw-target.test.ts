import { describe, expect, it } from "vitest";
import { reduceTarget } from "../../src/http/raw-target.ts";

describe("reduceTarget", () => {
  it.each([
    ["//api/u/tasks", "an empty segment"],
    ["/api//tasks", "an empty segment inside"],
    ["/api/u\\tasks", "a backslash"],
    ["/api/a%2fb/tasks", "an encoded slash"],
    ["/api/a%2Fb/tasks", "an encoded slash in capitals"],
    ["/api/a%5cb/tasks", "an encoded backslash"],
    ["/api/./tasks", "a dot segment"],
    ["/api/u/tasks/..", "a double dot segment at the end"],
    ["/api/%2e%2e/tasks", "an encoded double dot segment"],
    ["/api/.%2E/tasks", "a half encoded double dot segment"],
    ["/api/u%00/tasks", "an encoded NUL"],
    ["/api/u%1f/tasks", "an encoded control character"],
    ["/api/u%7f/tasks", "an encoded DEL"],
    ["/api/u\u0001/tasks", "a control character"],
    ["/api/u%/tasks", "a percent sign alone"],
    ["/api/u%zz/tasks", "a percent sign before no hexadecimal digits"],
    ["/api/%ff/tasks", "encoded bytes that are not UTF-8"],
    ["/api/\u00e9/tasks", "a byte beyond ASCII"],
    ["/api/%c0%af/tasks", "an overlong encoding"],
    ["/api/%ed%a0%80/tasks", "an encoded surrogate"],
    [`/api/${"u".repeat(8192)}/tasks`, "more than 8192 bytes"],
    ["*", "no path"],
    ["example.com:443", "an authority"],
  ])("refuses %j, which holds %s", (target) => {
    expect(reduceTarget(target)).toBeNull();
  });

  it("accepts a path of exactly 8192 bytes", () => {
    const path = `/${"u".repeat(8191)}`;
    expect(reduceTarget(path)).toBe(path);
  });

  it("does not count the query as path", () => {
    expect(reduceTarget("/health?x=//..%2f%00")).toBe("/health?x=//..%2f%00");
  });

  it("reduces an absolute-form target to its path and query", () => {
    expect(reduceTarget("http://elsewhere.example/health?x=1")).toBe("/health?x=1");
    expect(reduceTarget("http://elsewhere.example")).toBe("/");
  });

  it("refuses an absolute-form target whose path is ambiguous", () => {
    expect(reduceTarget("http://elsewhere.example//health")).toBeNull();
  });

  it("keeps a twice encoded text as it is, to be decoded once", () => {
    expect(reduceTarget("/api/%252e%252e/tasks")).toBe("/api/%252e%252e/tasks");
  });
});
