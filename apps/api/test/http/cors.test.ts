import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issuer, startApi, type TestApi } from "../test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const preflight = (origin: string, path = "/api/ada/tasks") =>
  api.fetch(path, {
    method: "OPTIONS",
    headers: { Origin: origin, "Access-Control-Request-Method": "PATCH" },
  });
const corsHeaders = (response: Response) =>
  Object.fromEntries([...response.headers].filter(([name]) => name.startsWith("access-control-")));

const readable = {
  "access-control-allow-origin": issuer,
  "access-control-allow-credentials": "true",
  "access-control-expose-headers": "ETag, Retry-After, Server-Timing, WWW-Authenticate, X-Request-Id",
};

describe("a preflight", () => {
  it("is answered 204 with what a listed origin may do", async () => {
    const response = await preflight(issuer);
    expect(response.status).toBe(204);
    expect(corsHeaders(response)).toEqual({
      "access-control-allow-origin": issuer,
      "access-control-allow-credentials": "true",
      "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
      "access-control-allow-headers": "Authorization, Content-Type, If-Match, Last-Event-ID, X-Request-Id",
      "access-control-max-age": "600",
    });
    expect(response.headers.get("vary")).toBe("Origin");
  });

  it.each([
    "https://evil.test",
    "null",
    "http://localhost:3000.evil.test",
    "http://localhost:30000",
    "https://localhost:3000",
    "HTTP://LOCALHOST:3000",
    "http://localhost:3000/",
  ])("is answered 204 with nothing for %s", async (origin) => {
    const response = await preflight(origin);
    expect(response.status).toBe(204);
    expect(corsHeaders(response)).toEqual({});
  });

  it("needs an Origin that is not empty", async () => {
    const answer = await api.raw(
      "OPTIONS /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin:\r\nAccess-Control-Request-Method: GET\r\n\r\n",
    );
    expect(answer.status).toBe(405);
  });

  it("is answered before the path is looked at", async () => {
    expect((await preflight(issuer, "/nothing")).status).toBe(204);
  });

  it("needs Access-Control-Request-Method: any other OPTIONS is 405 with Allow", async () => {
    const response = await api.fetch("/api/ada/tasks", { method: "OPTIONS", headers: { Origin: issuer } });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD, POST");
  });
});

describe("any other answer to a listed origin", () => {
  const asked = (method: string, path: string, token = true) =>
    api.fetch(path, {
      method,
      headers: { Origin: issuer, ...(token && { Authorization: `Bearer ${api.tokenOf("ada")}` }) },
    });

  it.each([
    [200, "GET", "/api/ada/tasks", true],
    [401, "GET", "/api/ada/tasks", false],
    [403, "GET", "/api/bob/tasks", true],
    [404, "GET", "/api/ada/tasks/999", true],
    [404, "GET", "/nothing", true],
    [405, "DELETE", "/api/ada/tasks", true],
    [415, "POST", "/api/ada/tasks?", true],
    [422, "GET", "/api/ada/tasks?limit=0", true],
  ])("is readable: %s %s %s", async (status, method, path, token) => {
    const response =
      status === 415
        ? await api.as("ada", method, path, "x", { Origin: issuer, "Content-Type": "text/plain" })
        : await asked(method, path, token);
    expect(response.status).toBe(status);
    expect(corsHeaders(response)).toEqual(readable);
  });

  it("is readable when the fault is the server's own", async () => {
    const broken = await startApi();
    await broken.store.run("alter table profiles rename to elsewhere");
    const response = await broken.as("ada", "GET", "/api/v1/users/me", undefined, { Origin: issuer });
    expect(response.status).toBe(500);
    expect(corsHeaders(response)).toEqual(readable);
    expect(await response.json()).toEqual({
      type: "urn:watchword:error:internal_error",
      title: "Internal error",
      status: 500,
      detail: "The request could not be completed. It is safe to try again.",
      code: "internal_error",
    });
    await broken.close();
  });

  it("tells a foreign origin nothing", async () => {
    const response = await api.as("ada", "GET", "/api/ada/tasks", undefined, { Origin: "https://evil.test" });
    expect(response.status).toBe(200);
    expect(corsHeaders(response)).toEqual({});
  });
});
