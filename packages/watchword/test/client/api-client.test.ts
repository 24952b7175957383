import { describe, expect, it } from "vitest";
import { createApiClient, NotFoundError, ProblemError } from "../../src/client/index.ts";
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
});
