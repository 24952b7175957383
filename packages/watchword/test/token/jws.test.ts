import { decodeProtectedHeader, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { computeKeyId } from "../../src/keys/keys.ts";
import { signHs256 } from "../../src/token/jws.ts";
import { key } from "../sample-token.ts";

test("a signed token carries alg, kid and typ, and any JWT library verifies it by the key's text", async () => {
  const signed = signHs256({ key, payload: { sub: "user_é", own: undefined } });
  expect(decodeProtectedHeader(signed)).toEqual({ alg: "HS256", kid: computeKeyId(key), typ: "at+jwt" });
  const { payload } = await jwtVerify(signed, new TextEncoder().encode(key));
  expect(payload).toEqual({ sub: "user_é" });
});

test("header members can be changed and left out", () => {
  const signed = signHs256({ key, payload: {}, header: { kid: undefined, typ: "JWT", x: 1 } });
  expect(decodeProtectedHeader(signed)).toEqual({ alg: "HS256", typ: "JWT", x: 1 });
});
