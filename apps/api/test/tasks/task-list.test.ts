import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemOf, startApi, type TestApi } from "../test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  for (const [title, description, completed] of [
    ["b", "milk and bread", false],
    ["Äpfel", null, true],
    ["a", "MILK", true],
    ["Z", null, false],
    ["100%_done", null, false],
    ["a", null, false],
  ] as const) {
    await api.as("ada", "POST", "/api/ada/tasks", { title, description, completed });
    api.clock.advance(1);
  }
  await api.as("bob", "POST", "/api/bob/tasks", { title: "milk of bob" });
  await api.as("ada", "PATCH", "/api/ada/tasks/2", { completed: true });
});
afterAll(() => api.close());

interface TaskList {
  items: { id: number; user_id: string }[];
  total: number;
  limit: number;
  offset: number;
}
const list = async (query: string) =>
  (await (await api.as("ada", "GET", `/api/ada/tasks${query}`)).json()) as TaskList;
const ids = async (query: string) => (await list(query)).items.map(({ id }) => id);

describe("the list of tasks", () => {
  it("holds the caller's tasks, newest first, with total and page", async () => {
    const { items, ...page } = await list("");
    expect(items.map(({ id }) => id)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(new Set(items.map(({ user_id }) => user_id))).toEqual(new Set(["ada"]));
    expect(page).toEqual({ total: 6, limit: 50, offset: 0 });
  });

  it.each([
    ["created_at", [1, 2, 3, 4, 5, 6]],
    ["-created_at", [6, 5, 4, 3, 2, 1]],
    ["updated_at", [1, 3, 4, 5, 6, 2]],
    ["-updated_at", [2, 6, 5, 4, 3, 1]],
    ["title", [5, 4, 3, 6, 1, 2]],
    ["-title", [2, 1, 6, 3, 4, 5]],
  ])("is ordered by %s, in binary order, with the id breaking ties the same way", async (sort, order) => {
    expect(await ids(`?sort=${sort}`)).toEqual(order);
  });

  it("is cut by limit and offset while total counts all", async () => {
    expect(await list("?limit=2&offset=1&sort=created_at")).toMatchObject({
      items: [{ id: 2 }, { id: 3 }],
      total: 6,
      limit: 2,
      offset: 1,
    });
    expect(await list("?offset=999999999")).toMatchObject({ items: [], total: 6 });
  });

  it("is filtered by completed", async () => {
    expect(await ids("?completed=true")).toEqual([3, 2]);
    expect(await ids("?completed=false")).toEqual([6, 5, 4, 1]);
  });

  it.each([
    ["milk", [3, 1]],
    ["MiLk", [3, 1]],
    ["%25", [5]],
    ["_", [5]],
    ["%C3%84pfel", [2]],
    ["%C3%A4pfel", []],
    ["milk+and", [1]],
    ["", [6, 5, 4, 3, 2, 1]],
    ["nothing%20like%20it", []],
  ])("is filtered by q=%s", async (q, expected) => {
    expect(await ids(`?q=${q}`)).toEqual(expected);
  });

  it("counts only what the filters leave", async () => {
    expect(await list("?q=milk&completed=true&limit=1")).toMatchObject({ total: 1 });
  });

  it("ignores unknown parameters", async () => {
    expect(await ids("?user_id=bob&owner=bob&sort[]=x&q=milk")).toEqual([3, 1]);
  });

  it.each([
    ["limit=0", "/limit", "too_small"],
    ["limit=101", "/limit", "too_big"],
    ["limit=", "/limit", "invalid_format"],
    ["limit=1e1", "/limit", "invalid_format"],
    ["limit=%2B1", "/limit", "invalid_format"],
    ["limit=-1", "/limit", "invalid_format"],
    ["limit=%EF%BC%91", "/limit", "invalid_format"],
    ["offset=1000000000", "/offset", "invalid_format"],
    ["limit=1&limit=2", "/limit", "repeated"],
    ["completed=1", "/completed", "invalid_value"],
    ["completed=True", "/completed", "invalid_value"],
    ["completed=", "/completed", "invalid_value"],
    ["sort=user_id", "/sort", "invalid_value"],
    ["sort=", "/sort", "invalid_value"],
    ["q=%00", "/q", "invalid_text"],
    [`q=${"x".repeat(201)}`, "/q", "too_long"],
  ])("refuses ?%s", async (query, pointer, code) => {
    expect(await problemOf(await api.as("ada", "GET", `/api/ada/tasks?${query}`))).toEqual({
      status: 422,
      code: "validation_failed",
      errors: [{ in: "query", pointer, code }],
    });
  });

  it("names every faulty parameter in the document's order", async () => {
    const { errors } = await problemOf(
      await api.as("ada", "GET", "/api/ada/tasks?offset=x&limit=0&q=a&q=b&completed=yes"),
    );
    expect(errors).toEqual([
      { in: "query", pointer: "/completed", code: "invalid_value" },
      { in: "query", pointer: "/q", code: "repeated" },
      { in: "query", pointer: "/limit", code: "too_small" },
      { in: "query", pointer: "/offset", code: "invalid_format" },
    ]);
  });
});
