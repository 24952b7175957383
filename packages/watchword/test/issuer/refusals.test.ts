import { expect, test } from "vitest";
import { type RefusalName, refusals, TokenRefusal } from "../../src/issuer/refusals.ts";
import { contractFile } from "../contract-files.ts";

const { codes } = contractFile<{ codes: Record<string, { status: number; message: string }> }>(
  "issuer-errors.json",
);

test("the table of codes is the contract's", () => {
  expect(Object.keys(refusals)).toEqual(Object.keys(codes));
});

test.each(Object.entries(codes))("%s has the contract's status and message", (code, entry) => {
  const { statusCode, body } = new TokenRefusal(code as RefusalName, "email").toApiError();
  expect({ status: statusCode, body }).toEqual({
    status: entry.status,
    body: { code, message: entry.message },
  });
});
