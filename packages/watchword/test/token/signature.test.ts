import { generateKeyPairSync, sign } from "node:crypto";
import { expect, test } from "vitest";
import { WatchwordError } from "../../src/errors.ts";
import { publicKey } from "../../src/keys/public-keys.ts";
import { checkSignature } from "../../src/token/signature.ts";

const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
const key = publicKey(pair.publicKey.export({ format: "jwk" }));
const input = "header.payload";
const good = sign("sha256", Buffer.from(input), { key: pair.privateKey, dsaEncoding: "ieee-p1363" });

function accepts(signature: Uint8Array): boolean {
  if (key === undefined) throw new Error("The key was not read.");
  try {
    const text = Buffer.from(signature).toString("base64url");
    checkSignature({ header: "header", payload: "payload", signature: text, input }, key);
    return true;
  } catch (error) {
    if (error instanceof WatchwordError && error.code === "bad_signature") return false;
    throw error;
  }
}

test("CS-9 an ES256 signature is 64 bytes: the same numbers in more bytes are refused", () => {
  const [r, s, zero] = [good.subarray(0, 32), good.subarray(32), Buffer.alloc(1)];
  expect(accepts(good)).toBe(true);
  expect(accepts(Buffer.concat([r, zero, s]))).toBe(false);
  expect(accepts(Buffer.concat([zero, r, s]))).toBe(false);
  expect(accepts(Buffer.concat([r, s, zero]))).toBe(false);
});

test("CS-9 an ES256 signature in DER is refused", () => {
  expect(accepts(sign("sha256", Buffer.from(input), pair.privateKey))).toBe(false);
});
