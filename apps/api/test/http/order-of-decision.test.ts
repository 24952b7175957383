import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemOf, startApi, type TestApi } from "../test-api.ts";

let api: TestApi;
let row: string;

beforeAll(async () => {
  api = await startApi();
  const created = await api.as("ada", "POST", "/api/ada/tasks", { title: "Sign" });
  row = `/api/ada/tasks/${((await created.json()) as { id: number }).id}`;
});
afterAll(() => api.close());

const broken = "{";
const text = { "Content-Type": "text/plain" };
const stale = { "If-Match": '"99"' };

describe("the order of decision", () => {
  it("answers 404 for a path that names nothing, without a token", async () => {
    expect(await problemOf(await api.fetch("/api/ada/nothing"))).toMatchObject({
      status: 404,
      code: "not_found",
    });
  });

  it("answers 405 before 401", async () => {
    expect(await problemOf(await api.fetch(row, { method: "POST" }))).toMatchObject({
      status: 405,
      code: "method_not_allowed",
    });
  });

  it("answers 401 before 415, 400 and 422", async () => {
    const response = await api.fetch("/api/ada/tasks", { method: "POST", body: broken, headers: text });
    expect(await problemOf(response)).toMatchObject({ status: 401, code: "missing" });
  });

  it("answers 401 for a malformed row id", async () => {
    expect(await problemOf(await api.fetch("/api/ada/tasks/abc"))).toMatchObject({
      status: 401,
      code: "missing",
    });
  });

  it("answers 400 for two credentials before 403", async () => {
    const token = api.tokenOf("ada");
    const answer = await api.raw(
      `GET /api/bob/tasks HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\nauthorization: Bearer ${token}\r\n\r\n`,
    );
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: "ambiguous_credentials" });
    expect(answer.head).toContain('www-authenticate: Bearer error="invalid_request"');
  });

  it("answers 403 before 415, 400, 404 and 422", async () => {
    const response = await api.as("bob", "PUT", row, broken, text);
    expect(await problemOf(response)).toMatchObject({ status: 403, code: "wrong_subject" });
  });

  it("answers 413 before 415", async () => {
    const response = await api.as("ada", "POST", "/api/ada/tasks", "x".repeat(65_537), text);
    expect(await problemOf(response)).toMatchObject({ status: 413, code: "body_too_large" });
  });

  it("answers 415 before 400", async () => {
    const response = await api.as("ada", "POST", "/api/ada/tasks", broken, text);
    expect(await problemOf(response)).toMatchObject({ status: 415, code: "unsupported_media_type" });
  });

  it("answers 400 for an unreadable body before 404 for the row", async () => {
    const response = await api.as("ada", "PUT", "/api/ada/tasks/999", broken);
    expect(await problemOf(response)).toMatchObject({ status: 400, code: "malformed_body" });
  });

  it("answers 404 for the row before 422 for the members", async () => {
    const response = await api.as("ada", "PUT", "/api/ada/tasks/999", { title: 7 }, stale);
    expect(await problemOf(response)).toMatchObject({ status: 404, code: "not_found" });
  });

  it("answers 422 for the members before 412 for the precondition", async () => {
    const response = await api.as("ada", "PUT", row, { title: 7 }, stale);
    expect(await problemOf(response)).toMatchObject({ status: 422, code: "validation_failed" });
  });

  it("answers 412 when nothing else stands against the change", async () => {
    const response = await api.as("ada", "PATCH", row, { title: "New" }, stale);
    expect(await problemOf(response)).toMatchObject({ status: 412, code: "precondition_failed" });
  });
});
