import { describe, expect, it } from "vitest";
import { createApiClient, NotFoundError, ProblemError } from "../../src/client/index.ts";
import { ConfigurationError } from "../../src/index.ts";
import { problem } from "./scripted-api.ts";

function client(answer: () => Response, baseUrl = "https://api.test/v1/") {
  const seen: { method: string; url: string; body: string; type: string | null; token: string | null }[] = [];
  const api = createApiClient({
    baseUrl,
    getToken: async () => ({ token: "t1", expiresIn: 900 }),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      seen.push({
        method: request.method,
        url: request.url,
        body: await request.text(),
        type: request.headers.get("content-type"),
        token: request.headers.get("authorization"),
      });
      return answer();
    },
  });
  return { api, seen };
}

describe("createApiClient", () => {
  it("sends JSON with the token under the base address, and gives parsed JSON", async () => {
    const { api, seen } = client(() => Response.json({ id: 7 }));
    const body = { title: "Milk" };
    const answers = [
      await api.get("/tasks", { query: { q: "a b", limit: 3, done: false, none: undefined } }),
      await api.post("/tasks", body),
      await api.put("/tasks/7", body),
      await api.patch("/tasks/7", body),
      await api.delete("/tasks/7"),
    ];
    expect(answers).toEqual(answers.map(() => ({ id: 7 })));
    const [token, type] = ["Bearer t1", "application/json"];
    const text = JSON.stringify(body);
    const url = "https://api.test/v1/tasks";
    expect(seen).toEqual([
      { method: "GET", url: `${url}?q=a%20b&limit=3&done=false`, body: "", type: null, token },
      { method: "POST", url, body: text, type, token },
      { method: "PUT", url: `${url}/7`, body: text, type, token },
      { method: "PATCH", url: `${url}/7`, body: text, type, token },
      { method: "DELETE", url: `${url}/7`, body: "", type: null, token },
    ]);
  });

  it("gives undefined for an answer without a body", async () => {
    expect(await client(() => new Response(null, { status: 204 })).api.delete("/x")).toBeUndefined();
  });

  it("rejects with the typed error of a refusal", async () => {
    const { api } = client(() => problem(404, "not_found", "Resource not found."));
    const error = await api.get("/x").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ status: 404, problem: { code: "not_found" } });
  });

  it("rejects with a ProblemError for an answer that is no JSON", async () => {
    const { api } = client(() => new Response("<h1>Hello</h1>"));
    const error = await api.get("/x").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ status: 200, message: expect.stringContaining("not JSON") });
  });

  it("never leaves the base address by a path, and joins a query to the path's own", async () => {
    const { api, seen } = client(() => Response.json({}), "https://api.test");
    for (const path of ["x", "/x", ".evil.test/x", "@evil.test/x", ":8443/x", "//evil.test/x"])
      await api.post(path, {});
    await api.get("/x?a=1", { query: { b: 2 } });
    const base = "https://api.test";
    expect(seen.map(({ url }) => url)).toEqual([
      `${base}/x`,
      `${base}/x`,
      `${base}/.evil.test/x`,
      `${base}/@evil.test/x`,
      `${base}/:8443/x`,
      `${base}//evil.test/x`,
      `${base}/x?a=1&b=2`,
    ]);
  });

  it.each([
    "api.test",
    "https://",
    "ftp://api.test",
    "https://ada:secret@api.test",
    "https://api.test/v1?a=1",
    "https://api.test/v1#a",
    "https://api.test/?",
    "//evil.test",
    "/api//bff",
    "http://10.0.2.2:8000",
  ])("is not made for the base address %s", (baseUrl) => {
    expect(() => client(() => new Response(), baseUrl)).toThrow(ConfigurationError);
  });

  it("is made for plain http on another machine with allowHttp", () => {
    const options = { baseUrl: "http://10.0.2.2:8000", getToken: async () => null };
    expect(createApiClient({ ...options, allowHttp: true }).get).toBeTypeOf("function");
    expect(() => createApiClient({ ...options, allowHttp: false })).toThrow("Set allowHttp");
  });

  it("takes the proxy's path with one slash at its end as the same", () => {
    expect(createApiClient({ baseUrl: "/api/bff/" }).get).toBeTypeOf("function");
    expect(() => createApiClient({ baseUrl: "/api/bff//" })).toThrow(ConfigurationError);
  });
});
