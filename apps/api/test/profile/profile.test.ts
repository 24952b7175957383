import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { problemOf, startApi, type TestApi } from "../test-api.ts";

let api: TestApi;
beforeEach(async () => {
  await api?.close();
  api = await startApi();
});
afterAll(() => api.close());

const path = "/api/v1/users/me";
const withClaims = (claims: Record<string, unknown>, sub = "ada") =>
  api.fetch(path, { headers: { Authorization: `Bearer ${api.tokenOf(sub, claims)}` } });
const put = (body: unknown, sub = "ada") => api.as(sub, "PUT", path, body);

describe("the profile", () => {
  it("is made from the claims on first sight", async () => {
    const response = await withClaims({ email: "ada@example.com", name: "Ada" });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      id: "ada",
      email: "ada@example.com",
      name: "Ada",
      username: null,
    });
  });

  it("does not follow later claims", async () => {
    await withClaims({ name: "Ada" });
    expect(await (await withClaims({ name: "Other" })).json()).toMatchObject({ name: "Ada" });
  });

  it("leaves out claims that it would refuse as input", async () => {
    const response = await withClaims({ email: "no address", name: "x".repeat(201) });
    expect(await response.json()).toEqual({ id: "ada", email: null, name: null, username: null });
  });

  it("is made by PUT as well", async () => {
    expect(await (await put({ username: "ada.l" })).json()).toMatchObject({ id: "ada", username: "ada.l" });
  });

  it("changes the members sent, and null clears", async () => {
    await put({ email: "a@b", name: "Ada", username: "ada" });
    expect(await (await put({ name: null })).json()).toEqual({
      id: "ada",
      email: "a@b",
      name: null,
      username: "ada",
    });
  });

  it("cannot be moved to another id", async () => {
    expect(await (await put({ id: "bob", user_id: "bob" })).json()).toMatchObject({ id: "ada" });
  });

  it("is one per user", async () => {
    await put({ name: "Ada" });
    await put({ name: "Bob" }, "bob");
    expect(await (await api.as("ada", "GET", path)).json()).toMatchObject({ id: "ada", name: "Ada" });
  });

  it("is made once by many first requests at once", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => withClaims({ name: "Ada" })));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(10).fill(200));
  });

  it.each<[string, unknown, string]>([
    ["email", 5, "invalid_type"],
    ["email", "", "too_short"],
    ["email", "a@", "too_short"],
    ["email", "no address", "invalid_format"],
    ["email", "a@b@c", "invalid_format"],
    ["email", "   ", "blank"],
    ["email", `a@${"b".repeat(319)}`, "too_long"],
    ["name", "", "too_short"],
    ["name", " ", "blank"],
    ["name", "a\u0000", "invalid_text"],
    ["username", "", "too_short"],
    ["username", "ada lovelace", "invalid_format"],
    ["username", "ada\n", "invalid_format"],
    ["username", "ä", "invalid_format"],
    ["username", "x".repeat(51), "too_long"],
  ])("refuses %s = %j", async (member, value, code) => {
    expect(await problemOf(await put({ [member]: value }))).toMatchObject({
      status: 422,
      errors: [{ in: "body", pointer: `/${member}`, code }],
    });
  });

  it("needs a token", async () => {
    expect(await problemOf(await api.fetch(path))).toMatchObject({ status: 401, code: "missing" });
  });
});
