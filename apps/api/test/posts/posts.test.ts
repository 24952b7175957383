import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { problemOf, startApi, type TestApi } from "../test-api.ts";

let api: TestApi;
beforeEach(async () => {
  await api?.close();
  api = await startApi();
});
afterAll(() => api.close());

const posts = "/api/v1/posts";
const started = "2026-01-02T03:04:05.678Z";
const later = "2026-01-02T03:04:06.678Z";

interface Post {
  id: number;
  user_id: string;
  title: string;
  is_private: boolean;
}

async function create(user: string, members: Record<string, unknown> = {}): Promise<Post> {
  const response = await api.as(user, "POST", posts, { title: "Title", body: "Body", ...members });
  expect(response.status).toBe(201);
  api.clock.advance(1);
  return (await response.json()) as Post;
}
const titles = async (response: Response) =>
  ((await response.json()) as { items: Post[] }).items.map(({ title }) => title);

describe("POST", () => {
  it("makes a public post of the caller", async () => {
    expect(await create("ada", { user_id: "bob", id: 7 })).toEqual({
      id: 1,
      user_id: "ada",
      title: "Title",
      body: "Body",
      is_private: false,
      created_at: started,
      updated_at: started,
    });
  });

  it("is refused without a token", async () => {
    const response = await api.fetch(posts, { method: "POST", body: "{" });
    expect(await problemOf(response)).toMatchObject({ status: 401, code: "missing" });
  });

  it("names every fault of the members", async () => {
    const response = await api.as("ada", "POST", posts, {
      title: " ",
      body: "x".repeat(10_001),
      is_private: 1,
    });
    expect(await problemOf(response)).toEqual({
      status: 422,
      code: "validation_failed",
      errors: [
        { in: "body", pointer: "/title", code: "blank" },
        { in: "body", pointer: "/body", code: "too_long" },
        { in: "body", pointer: "/is_private", code: "invalid_type" },
      ],
    });
  });
});

describe("GET", () => {
  beforeEach(async () => {
    await create("ada", { title: "ada public" });
    await create("ada", { title: "ada private", is_private: true });
    await create("bob", { title: "bob public" });
    await create("bob", { title: "bob private", is_private: true });
  });

  it("lists public posts for everybody, newest first", async () => {
    expect(await titles(await api.fetch(posts))).toEqual(["bob public", "ada public"]);
  });

  it("lists the caller's own private posts too, and counts what it lists", async () => {
    const response = await api.as("ada", "GET", posts);
    expect(await response.clone().json()).toMatchObject({ total: 3, limit: 50, offset: 0 });
    expect(await titles(response)).toEqual(["bob public", "ada private", "ada public"]);
    expect(await titles(await api.as("ada", "GET", `${posts}?limit=1&offset=1`))).toEqual(["ada private"]);
  });

  it("breaks ties by the id, newest first", async () => {
    api.clock.advance(1);
    for (const title of ["one", "two"]) await api.as("eve", "POST", posts, { title, body: "b" });
    expect((await titles(await api.fetch(posts))).slice(0, 2)).toEqual(["two", "one"]);
  });

  it("refuses a credential that is sent and not good", async () => {
    const response = await api.fetch(posts, { headers: { Authorization: "Bearer nonsense" } });
    expect(await problemOf(response)).toMatchObject({ status: 401, code: "malformed" });
  });

  it("shows one public post to everybody, a private one to its owner alone", async () => {
    expect((await api.fetch(`${posts}/1`)).status).toBe(200);
    expect((await api.as("ada", "GET", `${posts}/2`)).status).toBe(200);
    const hidden = await api.as("bob", "GET", `${posts}/2`);
    const missing = await api.as("bob", "GET", `${posts}/99`);
    expect(hidden.status).toBe(404);
    expect(await hidden.text()).toBe(await missing.text());
    expect((await api.fetch(`${posts}/2`)).status).toBe(404);
    expect((await api.fetch(`${posts}/02x`)).status).toBe(404);
  });
});

describe("PUT, PATCH and DELETE", () => {
  const whole = { title: "New", body: "New body", is_private: true };

  it("replace, change and delete a post of the caller", async () => {
    await create("ada");
    const replaced = await api.as("ada", "PUT", `${posts}/1`, whole);
    expect(await replaced.json()).toEqual({
      id: 1,
      user_id: "ada",
      ...whole,
      created_at: started,
      updated_at: later,
    });
    api.clock.advance(1);
    const changed = await api.as("ada", "PATCH", `${posts}/1`, { is_private: false });
    expect(await changed.json()).toMatchObject({ title: "New", is_private: false });
    expect((await api.as("ada", "DELETE", `${posts}/1`)).status).toBe(204);
    expect((await api.fetch(`${posts}/1`)).status).toBe(404);
  });

  it.each(["PUT", "PATCH"])("change nothing when %s sends nothing", async (method) => {
    await create("ada");
    const answer = await api.as("ada", method, `${posts}/1`, {});
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ updated_at: started });
  });

  it.each([
    [{ title: "New" }],
    [{ body: "New" }],
    [{ is_private: true }],
    [{ title: "New", is_private: true }],
  ])("change by PUT the members sent and keep the rest: %j", async (members) => {
    const before = await create("ada");
    const answer = await api.as("ada", "PUT", `${posts}/1`, members);
    expect(await answer.json()).toEqual({ ...before, ...members, updated_at: later });
  });

  it.each([[{}], [{ title: "t" }]])("create nothing by PUT of %j", async (members) => {
    expect((await api.as("ada", "PUT", `${posts}/1`, members)).status).toBe(404);
    expect(await (await api.as("ada", "GET", posts)).json()).toMatchObject({ total: 0 });
  });

  it("name every faulty member in PUT", async () => {
    await create("ada");
    const { errors } = await problemOf(
      await api.as("ada", "PUT", `${posts}/1`, { is_private: null, title: "" }),
    );
    expect(errors).toEqual([
      { in: "body", pointer: "/title", code: "too_short" },
      { in: "body", pointer: "/is_private", code: "invalid_type" },
    ]);
  });

  it.each(["PUT", "PATCH", "DELETE"])(
    "%s another's public post is 403, after the body as bytes and before its members",
    async (method) => {
      await create("ada");
      const body = method === "DELETE" ? undefined : {};
      const refused = await api.as("bob", method, `${posts}/1`, body);
      expect(await problemOf(refused)).toMatchObject({ status: 403, code: "wrong_subject" });
      if (method !== "DELETE") {
        expect((await api.as("bob", method, `${posts}/1`, "{")).status).toBe(400);
        expect((await api.as("ada", method, `${posts}/1`, { title: 1 })).status).toBe(422);
      }
      expect(await (await api.fetch(`${posts}/1`)).json()).toMatchObject({ title: "Title" });
    },
  );

  it.each(["PUT", "PATCH", "DELETE"])("%s another's private post is the same 404 as none", async (method) => {
    await create("ada", { is_private: true });
    const body = method === "DELETE" ? undefined : {};
    const hidden = await api.as("bob", method, `${posts}/1`, body);
    const missing = await api.as("bob", method, `${posts}/99`, body);
    expect(hidden.status).toBe(404);
    expect(await hidden.text()).toBe(await missing.text());
  });
});
