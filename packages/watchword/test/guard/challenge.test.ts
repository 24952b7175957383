import { expect, test } from "vitest";
import { type ErrorEntry, errorTable, type RefusalCode, WatchwordError } from "../../src/errors.ts";
import { challenge } from "../../src/guard/challenge.ts";

test("a missing credential is asked for without an error (RFC 6750 §3.1)", () => {
  expect(challenge(new WatchwordError("missing"))).toBe("Bearer");
});

test("a refused token is named by error and detail", () => {
  expect(challenge(new WatchwordError("expired"))).toBe(
    'Bearer error="invalid_token", error_description="Token has expired."',
  );
  expect(challenge(new WatchwordError("malformed", { variant: "credential" }))).toBe(
    'Bearer error="invalid_token", error_description="Invalid authorization header format. Expected: Bearer <token>"',
  );
});

test("two credentials are an invalid request", () => {
  expect(challenge(new WatchwordError("ambiguous_credentials"))).toBe(
    'Bearer error="invalid_request", error_description="More than one credential was sent. Send exactly one Authorization header."',
  );
});

test.each(["wrong_subject", "not_found", "validation_failed", "unavailable"] as const)(
  "%s carries none",
  (code) => {
    expect(challenge(new WatchwordError(code))).toBeUndefined();
  },
);

test("every 401 and every RFC 6750 error carries one, and it stays within ASCII without control characters", () => {
  for (const [code, entry] of Object.entries<ErrorEntry>(errorTable)) {
    if (code === "misconfigured") continue;
    const value = challenge(new WatchwordError(code as RefusalCode));
    expect(value !== undefined, code).toBe(entry.status === 401 || entry.error !== null);
    expect(value ?? "").toMatch(/^[\x20-\x7e]*$/);
  }
});
