import { describe, expect, test } from "vitest";
import {
  claims,
  encode,
  header,
  signSegments,
  token,
  tokenOfHeader,
  tokenOfPayload,
  verdict,
} from "../sample-token.ts";

const [headerSegment = "", payloadSegment = "", signature = ""] = token().split(".");

describe("CS-2 size", () => {
  test("exactly the bound is accepted, one byte more is too_large", async () => {
    const length = token().length;
    expect(await verdict(token(), { maxTokenBytes: length })).toBe("accepted");
    expect(await verdict(token(), { maxTokenBytes: length - 1 })).toBe("too_large");
  });

  test.each([
    ["a megabyte of payload", `a.${"A".repeat(1_000_000)}.a`],
    ["a million dots", ".".repeat(1_000_000)],
    ["3000 characters of three bytes", "€".repeat(3000)],
    ["an unpaired surrogate behind 8190 bytes", `${"a".repeat(8190)}\ud800`],
  ])("%s is too_large by default", async (_, text) => {
    expect(await verdict(text)).toBe("too_large");
  });
});

describe("CS-3 characters and segments", () => {
  test.each([
    ["nothing", ""],
    ["an opaque text", "Zq3vYt8kLmN2pRs5uVwX7yA9bCdEfGhJ"],
    ["two segments", `${headerSegment}.${payloadSegment}`],
    ["four segments", `${token()}.${signature}`],
    ["an encrypted token", "a.b.c.d.e"],
    ["an empty header", `.${payloadSegment}.${signature}`],
    ["an empty payload", `${headerSegment}..${signature}`],
    ["an empty signature", `${headerSegment}.${payloadSegment}.`],
    [
      "padding, signed over",
      signSegments(`${encode(JSON.stringify({ ...header, x: "" }))}=`, payloadSegment),
    ],
    ["a space before", ` ${token()}`],
    ["a line feed behind", `${token()}\n`],
    ["a NUL behind", `${token()}\0`],
    [
      "white space inside the signature",
      `${headerSegment}.${payloadSegment}.${signature.slice(0, 9)} ${signature.slice(9)}`,
    ],
    ["the standard alphabet", signSegments(headerSegment, "ab+/")],
    ["quotation marks", `"${token()}"`],
    [
      "a serialised JSON form",
      JSON.stringify({ protected: headerSegment, payload: payloadSegment, signature }),
    ],
  ])("%s is malformed", async (_, text) => {
    expect(await verdict(text)).toBe("malformed");
  });

  test("other unused bits in the last character of the signature are malformed", async () => {
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const next = alphabet.charAt(alphabet.indexOf(signature.slice(-1)) + 1);
    expect(await verdict(`${headerSegment}.${payloadSegment}.${signature.slice(0, -1)}${next}`)).toBe(
      "malformed",
    );
  });

  test("what is no text at all is malformed", async () => {
    for (const value of [undefined, null, 1, {}, []])
      expect(await verdict(value as unknown as string)).toBe("malformed");
  });
});

describe("CS-4 header", () => {
  test.each([
    ["a list", "[]"],
    ["a duplicate alg", '{"alg":"HS256","alg":"none"}'],
    ["a truncated object", '{"alg":"HS256"'],
    ["a byte order mark", `\ufeff${JSON.stringify(header)}`],
    ["2500 levels", `{"alg":"HS256","x":${"[".repeat(2500)}${"]".repeat(2500)}}`],
  ])("%s is malformed", async (_, text) => {
    expect(await verdict(tokenOfHeader(text))).toBe("malformed");
  });

  test("bytes that are not UTF-8 are malformed", async () => {
    expect(await verdict(tokenOfHeader(Uint8Array.of(0x7b, 0xc3, 0x28, 0x7d)))).toBe("malformed");
  });

  test("16 levels are accepted, 17 are malformed", async () => {
    const nested = (levels: number) => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`) as unknown;
    expect(await verdict(token({}, { x: nested(15) }))).toBe("accepted");
    expect(await verdict(token({}, { x: nested(16) }))).toBe("malformed");
  });

  test("a number of 5000 digits does no harm", async () => {
    expect(await verdict(tokenOfHeader(`{"x":${"9".repeat(5000)},${JSON.stringify(header).slice(1)}`))).toBe(
      "accepted",
    );
  });
});

describe("CS-10 payload", () => {
  test.each([
    ["a list", "[]"],
    ["null", "null"],
    ["a nested token", token()],
    ["a duplicate sub", `{"sub":"user_b",${JSON.stringify(claims).slice(1)}`],
    ["a duplicate sub hidden by an escape", `{"s\\u0075b":"user_b",${JSON.stringify(claims).slice(1)}`],
    ["a byte order mark", `\ufeff${JSON.stringify(claims)}`],
    ["an unpaired surrogate", JSON.stringify({ ...claims, sub: "\ud800" })],
    ["NaN for a number", JSON.stringify(claims).replace(String(claims.exp), "NaN")],
  ])("%s is malformed", async (_, text) => {
    expect(await verdict(tokenOfPayload(text))).toBe("malformed");
  });
});

test("CS-11 the shape of Better Auth's session cookie is wrong_type", async () => {
  expect(await verdict(token({ session: { id: "s" }, user: { id: "user_a" } }))).toBe("wrong_type");
  expect(await verdict(token({ session: "s", user: "u" }))).toBe("accepted");
});
