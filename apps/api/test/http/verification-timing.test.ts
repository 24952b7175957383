import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemOf, startApi, type TestApi } from "../test-api.ts";

const shown = /^verify;desc="(warm|cold)";dur=([0-9]+\.[0-9]{3}), backend;desc="hono"$/;

const recognitionOf = (response: Response) =>
  shown.exec(response.headers.get("Server-Timing") ?? "")?.[1] ?? "not shown";

describe("an API that shows its verification", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi({ showVerification: true });
  });
  afterAll(() => api.close());

  const ask = (token: string | null, path = "/api/ada/tasks", scheme = "Bearer") =>
    api.fetch(path, token === null ? {} : { headers: { Authorization: `${scheme} ${token}` } });

  it("says cold of a new token and warm of the same token again, however the scheme is written", async () => {
    const token = api.tokenOf("ada", { jti: "first" });
    expect(recognitionOf(await ask(token))).toBe("cold");
    expect(recognitionOf(await ask(token))).toBe("warm");
    expect(recognitionOf(await ask(token, "/api/ada/tasks", "bearer"))).toBe("warm");
    expect(recognitionOf(await ask(api.tokenOf("ada", { jti: "second" })))).toBe("cold");
  });

  it("says it of refusals to a known caller, too", async () => {
    const token = api.tokenOf("ada");
    const other = await ask(token, "/api/bob/tasks");
    expect(await problemOf(other)).toMatchObject({ status: 403, code: "wrong_subject" });
    expect(recognitionOf(other)).toBe("cold");
    const row = await ask(token, "/api/ada/tasks/999");
    expect(await problemOf(row)).toMatchObject({ status: 404, code: "not_found" });
    expect(recognitionOf(row)).toBe("warm");
  });

  it("says nothing to a refused credential and to nobody", async () => {
    const [head, payload] = api.tokenOf("ada").split(".");
    const forged = await ask(`${head}.${payload}.${"A".repeat(43)}`);
    expect(await problemOf(forged)).toMatchObject({ status: 401, code: "bad_signature" });
    expect(forged.headers.get("Server-Timing")).toBeNull();
    for (const path of ["/api/ada/tasks", "/api/v1/posts", "/health"])
      expect((await ask(null, path)).headers.get("Server-Timing")).toBeNull();
  });

  it("says it of what anyone may read when somebody known reads it", async () => {
    const posts = await ask(api.tokenOf("eve", { jti: "posts" }), "/api/v1/posts");
    expect({ status: posts.status, recognition: recognitionOf(posts) }).toEqual({
      status: 200,
      recognition: "cold",
    });
  });
});

it("an API that is not told to show its verification does not", async () => {
  const api = await startApi();
  try {
    const answer = await api.as("ada", "GET", "/api/ada/tasks");
    expect({ status: answer.status, timing: answer.headers.get("Server-Timing") }).toEqual({
      status: 200,
      timing: null,
    });
  } finally {
    await api.close();
  }
});
