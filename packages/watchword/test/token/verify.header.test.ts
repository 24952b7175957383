import { describe, expect, test } from "vitest";
import { claims, encode, header, key, signSegments, token, verdict } from "../sample-token.ts";

const [headerSegment = "", payloadSegment = "", signature = ""] = token().split(".");
const otherKey = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE";

describe("CS-5 alg", () => {
  test.each([
    "none",
    "NONE",
    "",
    "hs256",
    "HS256 ",
    "HS512",
    "256",
    "ES256",
    "EdDSA",
    "__proto__",
    null,
    1,
    ["HS256"],
    undefined,
  ])("%j is unsupported_alg even with a right MAC", async (alg) => {
    expect(await verdict(token({}, { alg }))).toBe("unsupported_alg");
  });
});

describe("CS-6 crit, b64, kid", () => {
  test.each([[["exp"]], [[]], ["exp"], [null], [["b64"]]])("crit %j is unsupported_crit", async (crit) => {
    expect(await verdict(token({}, { crit }))).toBe("unsupported_crit");
  });

  test.each([true, false, null])("b64 %j is malformed", async (b64) => {
    expect(await verdict(token({}, { b64 }))).toBe("malformed");
  });

  test.each([1, null, [], {}])("kid %j is malformed", async (kid) => {
    expect(await verdict(token({}, { kid }))).toBe("malformed");
  });
});

describe("CS-7 typ", () => {
  test.each(["at+jwt", "AT+JWT", "application/at+jwt", "Application/At+Jwt"])(
    "%j is accepted",
    async (typ) => {
      expect(await verdict(token({}, { typ }))).toBe("accepted");
    },
  );

  test.each([
    "JWT",
    "",
    "logout+jwt",
    "better-auth.session-cache+jwt",
    "application/application/at+jwt",
    ["at+jwt"],
    null,
    1,
    undefined,
  ])("%j is wrong_type", async (typ) => {
    expect(await verdict(token({}, { typ }))).toBe("wrong_type");
  });

  test("an absent typ and JWT are accepted where they are configured", async () => {
    expect(await verdict(token({}, { typ: undefined }), { acceptedTypes: [null, "JWT"] })).toBe("accepted");
    expect(await verdict(token({}, { typ: "jwt" }), { acceptedTypes: [null, "JWT"] })).toBe("accepted");
    expect(await verdict(token({}, { typ: null }), { acceptedTypes: [null, "JWT"] })).toBe("wrong_type");
  });
});

describe("CS-8 key", () => {
  test("a token without kid is checked with the only key", async () => {
    expect(await verdict(token({}, { kid: undefined }))).toBe("accepted");
  });

  test.each(["", "__proto__", "toString", "/dev/null", "x'; DROP TABLE jwks; --", `${header.kid} `])(
    "kid %j is unknown_key",
    async (kid) => {
      expect(await verdict(token({}, { kid }))).toBe("unknown_key");
    },
  );
});

describe("CS-9 signature", () => {
  const flipped = (signature.startsWith("A") ? "B" : "A") + signature.slice(1);

  test.each([
    ["a changed signature", `${headerSegment}.${payloadSegment}.${flipped}`],
    [
      "a signature cut to 16 bytes",
      `${headerSegment}.${payloadSegment}.${encode(Buffer.from(signature, "base64url").subarray(0, 16))}`,
    ],
    [
      "a signature with a byte more",
      `${headerSegment}.${payloadSegment}.${encode(Buffer.concat([Buffer.from(signature, "base64url"), Buffer.from([0])]))}`,
    ],
    ["another key under the right kid", signSegments(headerSegment, payloadSegment, otherKey)],
    [
      "the bytes that the key's text encodes",
      signSegments(headerSegment, payloadSegment, Buffer.from(key, "base64url").toString("latin1")),
    ],
    [
      "the payload of another user",
      `${headerSegment}.${encode(JSON.stringify({ ...claims, sub: "user_b" }))}.${signature}`,
    ],
    [
      "the header of another token",
      `${encode(JSON.stringify({ ...header, x: 1 }))}.${payloadSegment}.${signature}`,
    ],
  ])("%s is bad_signature", async (_, text) => {
    expect(await verdict(text)).toBe("bad_signature");
  });

  test("a payload is not read before the signature holds", async () => {
    expect(await verdict(`${headerSegment}.${encode("no JSON")}.${signature}`)).toBe("bad_signature");
  });
});
