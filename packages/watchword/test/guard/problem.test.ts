import { expect, test } from "vitest";
import { WatchwordError } from "../../src/errors.ts";
import { toProblem } from "../../src/guard/problem.ts";
import { contractFile } from "../contract-files.ts";

test("a refused token is a 401 problem document with its challenge", () => {
  expect(toProblem(new WatchwordError("expired", { claim: "exp" }))).toEqual({
    status: 401,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      "WWW-Authenticate": 'Bearer error="invalid_token", error_description="Token has expired."',
    },
    body: {
      type: "urn:watchword:error:expired",
      title: "Token expired",
      status: 401,
      detail: "Token has expired.",
      code: "expired",
    },
  });
});

test("another user's URL is a 403 without a challenge", () => {
  const { status, headers, body } = toProblem(new WatchwordError("wrong_subject"));
  expect({ status, code: body.code }).toEqual({ status: 403, code: "wrong_subject" });
  expect(headers).not.toHaveProperty("WWW-Authenticate");
});

test("the cause of a refusal stays inside", () => {
  const { body } = toProblem(new WatchwordError("internal_error", { cause: new Error("secret detail") }));
  expect(JSON.stringify(body)).not.toContain("secret");
});

test("faults of a body are listed under errors", () => {
  const faults = [{ in: "body", pointer: "/title", code: "too_long" }] as const;
  expect(toProblem(new WatchwordError("validation_failed"), faults).body).toMatchObject({
    status: 422,
    errors: faults,
  });
});

test("what is unavailable says when to ask again, as the contract does, and nothing else does", () => {
  const { http } = contractFile<{ http: Record<string, { value: number }> }>("defaults.json");
  expect(toProblem(new WatchwordError("unavailable")).headers).toMatchObject({
    "Retry-After": String(http["retry_after_seconds_unavailable"]?.value),
  });
  expect(toProblem(new WatchwordError("internal_error")).headers).not.toHaveProperty("Retry-After");
});
