import { describe, expect, it } from "vitest";
import { decodeUnverified } from "../lib/decode-token.ts";

const segment = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("decodeUnverified", () => {
  it("reads header and claims, letters outside of ASCII included", () => {
    const token = `${segment({ alg: "HS256" })}.${segment({ sub: "1", name: "Zoë Ñandú 東" })}.c2ln`;
    expect(decodeUnverified(token)).toEqual({
      segments: token.split("."),
      header: { alg: "HS256" },
      payload: { sub: "1", name: "Zoë Ñandú 東" },
    });
  });

  it.each(["", "a.b", "a.b.c.d", `${segment([])}.${segment({})}.c`, `${segment({})}.${segment("x")}.c`])(
    "refuses %j, which is no JWT",
    (text) => {
      expect(() => decodeUnverified(text)).toThrow(SyntaxError);
    },
  );
});
