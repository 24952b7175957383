import { describe, expect, it } from "vitest";
import { loginUrl, safeReturnUrl } from "../lib/return-url.ts";

describe("safeReturnUrl", () => {
  it.each(["/tasks", "/token", "/tasks?filter=open&q=a%20b", "/tasks#top", "/", "/a/b//c"])(
    "keeps the path %s of this application",
    (path) => {
      expect(safeReturnUrl(path)).toBe(path);
    },
  );

  it.each([
    ["another host without a scheme", "//evil.example"],
    ["another host behind a backslash", "/\\evil.example"],
    ["another host behind two backslashes", "\\\\evil.example"],
    ["a backslash later in the path", "/a\\..\\\\evil.example"],
    ["an absolute address", "https://evil.example/tasks"],
    ["a script", "javascript:alert(1)"],
    ["a data address", "data:text/html,x"],
    ["a relative path", "tasks"],
    ["leading white space", " /tasks"],
    ["a tab that browsers drop", "/\t/evil.example"],
    ["a line break that browsers drop", "/\n/evil.example"],
    ["a NUL", "/tasks\u0000"],
    ["a C1 control character", "/\u0085/evil.example"],
    ["dot segments that collapse to another host", "/.//evil.example"],
    ["parent segments that collapse to another host", "/a/..//evil.example"],
    ["encoded dot segments that collapse to another host", "/%2e//evil.example"],
    ["more than 2048 characters", `/${"a".repeat(2048)}`],
    ["the empty text", ""],
    ["no value", undefined],
    ["a repeated parameter", ["/token", "/tasks"]],
    ["the sign-in page itself", "/login?returnUrl=%2Flogin"],
    ["the sign-up page", "/sign-up"],
    ["an endpoint", "/api/auth/sign-out"],
    ["an endpoint behind a dot segment", "/./api/auth/sign-out"],
  ])("replaces %s by the task list", (_what, value) => {
    expect(safeReturnUrl(value)).toBe("/tasks");
  });

  it("keeps pages whose names only begin like a refused one", () => {
    expect(safeReturnUrl("/login-history")).toBe("/login-history");
  });
});

describe("loginUrl", () => {
  it("carries the way back, encoded, and the reason", () => {
    expect(loginUrl("/token?a=1&b=2", "session_expired")).toBe(
      "/login?returnUrl=%2Ftoken%3Fa%3D1%26b%3D2&error=session_expired",
    );
  });

  it("never carries a way to another origin", () => {
    expect(loginUrl("//evil.example")).toBe("/login?returnUrl=%2Ftasks");
  });
});
