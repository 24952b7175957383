import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hmacSha256 } from "../../src/core/hmac.ts";

test("makes the MACs of node:crypto, whatever the length of key and text", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.string({ maxLength: 300 }), (key, text) => {
      fc.pre(/^[\x20-\x7e]*$/.test(text));
      for (const encoding of ["base64url", "base64"] as const)
        expect(hmacSha256(key, encoding)(text)).toBe(createHmac("sha256", key).update(text).digest(encoding));
    }),
  );
});

test.each([0, 63, 64, 65, 8191, 8192, 8193, 65_536])("a text of %i characters", (length) => {
  const mac = hmacSha256(Buffer.from("key"));
  const text = "x".repeat(length);
  const expected = createHmac("sha256", "key").update(text).digest("base64url");
  expect(mac(text)).toBe(expected);
  mac("y".repeat(8192));
  expect(mac(text)).toBe(expected);
});
