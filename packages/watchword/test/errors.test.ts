import { expect, test } from "vitest";
import { ConfigurationError, errorTable, WatchwordError } from "../src/errors.ts";
import { contractFile } from "./contract-files.ts";

test("the table of codes is the contract's", () => {
  expect(errorTable).toEqual(contractFile<{ codes: object }>("errors.json").codes);
});

test("a refusal carries code, status and the contract's detail", () => {
  const refusal = new WatchwordError("expired", { claim: "exp" });
  expect(refusal).toMatchObject({
    code: "expired",
    status: 401,
    message: "Token has expired.",
    claim: "exp",
  });
});

test("a variant changes the detail and nothing else", () => {
  const refusal = new WatchwordError("missing_claim", { variant: "sub" });
  expect(refusal).toMatchObject({ code: "missing_claim", status: 401, variant: "sub" });
  expect(refusal.message).toBe("Token missing user ID (sub claim).");
});

test("an unknown variant falls back to the detail of its code", () => {
  expect(new WatchwordError("expired", { variant: "toString" }).message).toBe("Token has expired.");
});

test("a configuration fault is misconfigured and no refusal", () => {
  const fault = new ConfigurationError("Say what to do.");
  expect(fault.code).toBe("misconfigured");
  expect(fault).not.toBeInstanceOf(WatchwordError);
});
