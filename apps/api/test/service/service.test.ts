import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemOf, startApi, type TestApi } from "../test-api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe("the service", () => {
  it("is healthy while the process runs", async () => {
    const response = await api.fetch("/health");
    expect(await response.text()).toBe('{"status":"ok"}');
  });

  it("is ready while the database answers", async () => {
    expect(await (await api.fetch("/ready")).text()).toBe('{"status":"ready","revocation":"none"}');
  });

  it.each(["fresh", "stale"] as const)(
    "is ready while the list of revocations is %s, and says so",
    async (state) => {
      const following = await startApi({ revocation: state });
      expect(await (await following.fetch("/ready")).json()).toEqual({ status: "ready", revocation: state });
      await following.close();
    },
  );

  it.each(["loading", "refusing"] as const)(
    "is not ready while the list of revocations is %s",
    async (state) => {
      const following = await startApi({ revocation: state });
      const response = await following.fetch("/ready");
      expect(response.headers.get("retry-after")).toBe("5");
      expect(await problemOf(response)).toMatchObject({ status: 503, code: "unavailable" });
      expect((await following.fetch("/health")).status).toBe(200);
      await following.close();
    },
  );

  it("is not ready when the database is gone, and stays healthy", async () => {
    const closed = await startApi();
    await closed.database.close();
    const response = await closed.fetch("/ready");
    expect(response.headers.get("retry-after")).toBe("5");
    expect(await problemOf(response)).toMatchObject({ status: 503, code: "unavailable" });
    expect((await closed.fetch("/health")).status).toBe(200);
    await closed.stop();
  });

  it.each(["/health", "/api/ada/tasks", "/nothing", "/docs", "/openapi.json"])(
    "marks the answer of %s as not to be stored or guessed",
    async (path) => {
      const { headers } = await api.fetch(path);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("vary")).toBe("Origin");
    },
  );
});

describe("X-Request-Id", () => {
  const idFor = async (id: string) =>
    (await api.fetch("/health", { headers: { "X-Request-Id": id } })).headers.get("x-request-id");

  it("is the caller's where it is harmless", async () => {
    expect(await idFor("Abc_123-")).toBe("Abc_123-");
  });

  it.each(["short", "x".repeat(65), "with space", "a.b.c.d.e", "<script>"])("is new for %j", async (id) => {
    expect(await idFor(id)).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("GET /docs", () => {
  it("allows its own script and style and nothing from elsewhere", async () => {
    const response = await api.fetch("/docs");
    const page = await response.text();
    const policy = response.headers.get("content-security-policy") ?? "";
    const script = /<script>([\s\S]*)<\/script>/.exec(page)?.[1] ?? "";
    expect(policy).toContain(`script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`);
    expect(policy).toContain("default-src 'none'");
    expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  });

  it("names no other origin", async () => {
    expect(await (await api.fetch("/docs")).text()).not.toMatch(/https?:\/\//);
  });
});
