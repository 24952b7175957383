import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issuer, startApi, type TestApi } from "../test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const raw = (method: string, target: string, fields = "") =>
  api.raw(`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${fields}\r\n`);

describe("methods", () => {
  it.each([
    ["PUT", "/api/ada/tasks", "GET, HEAD, POST"],
    ["POST", "/api/ada/tasks/1", "GET, HEAD, PUT, PATCH, DELETE"],
    ["GET", "/api/ada/tasks/1/complete", "PATCH"],
    ["PATCH", "/api/v1/users/me", "GET, HEAD, PUT"],
    ["POST", "/health", "GET, HEAD"],
    ["DELETE", "/openapi.json", "GET, HEAD"],
    ["TRACE", "/api/ada/tasks", "GET, HEAD, POST"],
    ["PROPFIND", "/api/ada/tasks", "GET, HEAD, POST"],
  ])("answers %s %s with 405 and Allow: %s", async (method, path, allow) => {
    const answer = await raw(method, path);
    expect(answer.status).toBe(405);
    expect(answer.head).toContain(`allow: ${allow}`);
  });

  it.each(["FOO", "get", "Post", "GETS"])(
    "answers the unknown method %s with 405 and Allow",
    async (method) => {
      const answer = await raw(method, "/api/ada/tasks", `Authorization: Bearer ${api.tokenOf("ada")}\r\n`);
      expect(answer.status).toBe(405);
      expect(answer.head).toContain("allow: GET, HEAD, POST");
      expect(JSON.parse(answer.body)).toMatchObject({ code: "method_not_allowed" });
    },
  );

  it("answers an unknown method on an unknown path with 404", async () => {
    expect((await raw("FOO", "/nothing")).status).toBe(404);
    expect((await raw("FOO", "/api//tasks")).status).toBe(404);
  });

  it("lets a listed origin read the answer to an unknown method", async () => {
    const answer = await raw("FOO", "/health", `Origin: ${issuer}\r\nX-Request-Id: request-0001\r\n`);
    expect(answer.head).toContain(`access-control-allow-origin: ${issuer}`);
    expect(answer.head).toContain("x-request-id: request-0001");
  });

  it("answers HEAD as GET without a body", async () => {
    const get = await api.as("ada", "GET", "/api/ada/tasks");
    const head = await api.as("ada", "HEAD", "/api/ada/tasks");
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"));
    expect(head.headers.get("content-type")).toBe("application/json");
  });

  it("answers HEAD without a token with 401 and no body", async () => {
    const answer = await raw("HEAD", "/api/ada/tasks");
    expect(answer.status).toBe(401);
    expect(answer.head).toContain("www-authenticate: Bearer");
    expect(answer.body).toBe("");
  });
});

describe("the raw target", () => {
  const withToken = (target: string) => raw("GET", target, `Authorization: Bearer ${api.tokenOf("ada")}\r\n`);

  it.each([
    "/api/ada/tasks//",
    "/api/ada/tasks%2f",
    "//api/ada/tasks",
    "/api/./ada/tasks",
    "/api/bob/../ada/tasks",
    "/api/bob/%2e%2e/ada/tasks",
    "/api/ada%2ftasks",
    "/api/ada\\tasks",
    "/API/ada/tasks",
    "/api/ada/Tasks",
    "/api/ada%00/tasks",
    "http://elsewhere.example/api/../ada/tasks",
    "*",
  ])("answers %s with 404", async (target) => {
    expect((await withToken(target)).status).toBe(404);
  });

  it.each(["/api/é/tasks", "/api/ada/tasks?q=é"])(
    "answers bytes beyond ASCII with 404: %s",
    async (target) => {
      expect((await withToken(target)).status).toBe(404);
    },
  );

  it("answers a target that cannot be parsed with 404", async () => {
    expect((await withToken("/api/a\u0001da/tasks")).status).toBe(404);
  });

  it("answers a proxy's CONNECT with 404", async () => {
    expect((await raw("CONNECT", "example.com:443")).status).toBe(404);
  });

  it("reads an absolute-form target by its path alone", async () => {
    expect((await withToken("http://elsewhere.example/api/ada/tasks")).status).toBe(200);
  });

  it.each([
    ["GET", "/api/ada/tasks", 200],
    ["GET", "/api/ada/tasks?limit=1&q=x/", 200],
    ["GET", "/api/ada/tasks?limit=x", 422],
    ["HEAD", "/api/ada/tasks", 200],
    ["GET", "/api/ada/tasks/999", 404],
    ["DELETE", "/api/ada/tasks", 405],
    ["FOO", "/api/ada/tasks", 405],
    ["GET", "/api/ada/tasks/1/complete", 405],
    ["GET", "/api/bob/tasks", 403],
    ["GET", "/api/ada/conversations", 200],
    ["GET", "/api/v1/posts", 200],
    ["GET", "/api/v1/users/me", 200],
    ["GET", "/api/v1/admin/users", 403],
    ["GET", "/health", 200],
    ["GET", "/ready", 200],
    ["GET", "/openapi.json", 200],
    ["GET", "/docs", 200],
    ["OPTIONS", "/health", 405],
    ["GET", "/nothing", 404],
  ])("answers %s %s alike with a slash at the end: %i", async (method, target, status) => {
    const credential = `Authorization: Bearer ${api.tokenOf("ada")}\r\nX-Request-Id: request-0001\r\n`;
    const [path, query] = target.split("?");
    const slashed = query === undefined ? `${path}/` : `${path}/?${query}`;
    const without = await raw(method, target, credential);
    const withSlash = await raw(method, slashed, credential);
    expect(without.status).toBe(status);
    const undated = (head: string) => head.replace(/^date:.*$/im, "");
    expect({ ...withSlash, head: undated(withSlash.head) }).toEqual({
      ...without,
      head: undated(without.head),
    });
  });

  it("grants a preflight of a path with a slash at the end", async () => {
    const fields = `Origin: ${issuer}\r\nAccess-Control-Request-Method: POST\r\n`;
    const answer = await raw("OPTIONS", "/api/v1/posts/", fields);
    expect(answer.status).toBe(204);
    expect(answer.head).toContain(`access-control-allow-origin: ${issuer}`);
  });

  it("reaches the writing routes with a slash at the end", async () => {
    const created = await api.as("ada", "POST", "/api/ada/tasks/", { title: "t" });
    expect(created.status).toBe(201);
    const { id } = (await created.json()) as { id: number };
    const path = `/api/ada/tasks/${id}/`;
    expect(await (await api.as("ada", "PATCH", path, { title: "u" })).json()).toMatchObject({ title: "u" });
    expect(await (await api.as("ada", "PATCH", `${path}complete/`)).json()).toMatchObject({
      completed: true,
    });
    expect((await api.as("ada", "DELETE", path)).status).toBe(204);
    expect((await api.as("ada", "GET", path)).status).toBe(404);
  });

  it("decodes the user id once", async () => {
    expect((await withToken("/api/%61da/tasks")).status).toBe(200);
    expect((await withToken("/api/%2561da/tasks")).status).toBe(403);
  });

  it.each(["", "Host: good/health?x=\r\n", "Host: a b\r\n", "Host: a\r\nHost: b\r\n"])(
    "takes no notice of the Host field: %j",
    async (host) => {
      const answer = await api.raw(`GET /health HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
      expect(answer.status).toBe(200);
    },
  );

  it("answers what is not HTTP with a problem document", async () => {
    const answer = await api.raw("HELO mail.example\r\n\r\n");
    expect(answer.status).toBe(400);
    expect(answer.head).toContain("content-type: application/problem+json");
    expect(answer.head).toContain("cache-control: no-store");
  });
});
