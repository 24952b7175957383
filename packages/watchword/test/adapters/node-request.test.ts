import { describe, expect, test } from "vitest";
import { authorizationValues, decodedParameter } from "../../src/adapters/node-request.ts";

describe("authorizationValues", () => {
  test.each([
    [[], []],
    [["Host", "x", "Authorization", "a"], ["a"]],
    [
      ["AUTHORIZATION", "a", "Accept", "*", "authorization", "b"],
      ["a", "b"],
    ],
    [["X-Name", "Authorization", "Authorization", ""], [""]],
    [["Proxy-Authorization", "a", "X-Authorization", "b"], []],
  ])("of %j are %j", (rawHeaders, values) => {
    expect(authorizationValues(rawHeaders)).toEqual(values);
  });
});

describe("decodedParameter", () => {
  test.each([
    "/api/user_a",
    "/api/user_a?q=%zz",
    "/api/user_a?q=\u00ff",
    "/api/user_a#\u00ff",
    "/%61/%C3%A9",
  ])("is the parameter where %j has one reading", (target) => {
    expect(decodedParameter(target, "user_a")).toBe("user_a");
  });

  test.each([
    "/api/us\u00c3\u00a9r",
    "/api/a b",
    "/api/a\tb",
    "/api/%",
    "/api/%zz",
    "/api/%ff",
    "/x%C0%AF/user_a",
  ])("is nobody where %j has several", (target) => {
    expect(decodedParameter(target, "user_a")).toBeUndefined();
  });

  test.each([undefined, null, ["user_a"], 1])("is nobody where the framework gives %j", (parameter) => {
    expect(decodedParameter("/api/user_a", parameter)).toBeUndefined();
  });
});
