import { describe, expect, it } from "vitest";
import { explainAuthFailure } from "../lib/auth-answer.ts";
import { checkSignIn, checkSignUp } from "../lib/credentials.ts";
import { checkDraft } from "../lib/task.ts";
import { themeFrom } from "../lib/theme.ts";

const valid = { name: "Ada", email: "ada@example.com", password: "correct horse" };

describe("checkSignUp", () => {
  it("finds nothing wrong with a good form", () => {
    expect(checkSignUp(valid)).toEqual({});
  });

  it.each([
    ["a blank name", { name: "  " }, ["name"]],
    ["no address", { email: "" }, ["email"]],
    ["an address without a dot", { email: "ada@example" }, ["email"]],
    ["7 characters", { password: "a".repeat(7) }, ["password"]],
    ["129 characters", { password: "a".repeat(129) }, ["password"]],
  ])("names the field for %s", (_what, change, fields) => {
    expect(Object.keys(checkSignUp({ ...valid, ...change }))).toEqual(fields);
  });

  it.each([8, 128])("takes a password of %i characters", (length) => {
    expect(checkSignUp({ ...valid, password: "a".repeat(length) })).toEqual({});
  });
});

describe("checkSignIn", () => {
  it("demands a password of any length: the rules may have been others when it was chosen", () => {
    expect(Object.keys(checkSignIn({ email: valid.email, password: "" }))).toEqual(["password"]);
    expect(checkSignIn({ email: valid.email, password: "short" })).toEqual({});
  });
});

describe("explainAuthFailure", () => {
  it("puts a taken address at its field", () => {
    const failure = { status: 422, code: "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL" };
    expect(Object.keys(explainAuthFailure(failure).fields ?? {})).toEqual(["email"]);
  });

  it("does not tell which of address and password was wrong", () => {
    expect(explainAuthFailure({ status: 401, code: "INVALID_EMAIL_OR_PASSWORD" }).fields).toBeUndefined();
  });

  it("tells how long to wait after too many attempts", () => {
    expect(explainAuthFailure({ status: 429 }, 42).retryAfterSeconds).toBe(42);
    expect(explainAuthFailure({ status: 429 }).retryAfterSeconds).toBe(60);
  });

  it("tells that no answer came", () => {
    expect(explainAuthFailure({}).form).toContain("did not answer");
  });
});

describe("checkDraft", () => {
  it("counts code points, as the API does", () => {
    expect(checkDraft({ title: "𝒳".repeat(200), description: null })).toEqual({});
    expect(Object.keys(checkDraft({ title: "𝒳".repeat(201), description: null }))).toEqual(["title"]);
  });

  it("refuses a blank title and a description of 2001 characters", () => {
    expect(Object.keys(checkDraft({ title: " \n", description: "a".repeat(2001) }))).toEqual([
      "title",
      "description",
    ]);
  });
});

describe("themeFrom", () => {
  it("follows the system for a cookie value it does not know", () => {
    expect(["dark", "light", "purple", undefined].map((value) => themeFrom(value))).toEqual([
      "dark",
      "light",
      "system",
      "system",
    ]);
  });
});
