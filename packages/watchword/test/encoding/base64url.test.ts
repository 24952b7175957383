import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeBase64url, isCanonicalBase64url } from "../../src/encoding/base64url.ts";

test.each([
  "",
  "A",
  "AB",
  "AAB",
  "AAAAA",
  "AA==",
  "AA=",
  "A+AA",
  "A/AA",
  "AA A",
  " AAAA",
  "AAAA\n",
  "AAA.",
  "АААА",
])("refuses %j", (text) => {
  expect(isCanonicalBase64url(text)).toBe(false);
});

test("accepts a text exactly when it is what its bytes encode to", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."ABQgwZaz019-_+/="), minLength: 1 }), (text) => {
      const again = Buffer.from(decodeBase64url(text)).toString("base64url");
      expect(isCanonicalBase64url(text)).toBe(again === text);
    }),
    { numRuns: 2000 },
  );
});
