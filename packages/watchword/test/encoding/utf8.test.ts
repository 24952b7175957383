import fc from "fast-check";
import { expect, test } from "vitest";
import { readUtf8 } from "../../src/encoding/utf8.ts";

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function strictly(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

test.each([
  ["a byte that starts nothing", [0x22, 0xff]],
  ["a character cut off", [0x22, 0xe2, 0x82]],
  ["an overlong form", [0xc0, 0xaf]],
  ["a surrogate", [0xed, 0xa0, 0x80]],
  ["a code point beyond the last", [0xf4, 0x90, 0x80, 0x80]],
])("refuses %s", (_, bytes) => {
  expect(readUtf8(Buffer.from(bytes))).toBeUndefined();
});

test("the mark that replaces faults is a character like any other where it was sent", () => {
  expect(readUtf8(Buffer.from("a\ufffdb", "utf8"))).toBe("a\ufffdb");
  expect(readUtf8(Buffer.from([0xef, 0xbf, 0xbd, 0xff]))).toBeUndefined();
});

test("a byte order mark stays", () => {
  expect(readUtf8(Buffer.from("\ufeff{}", "utf8"))).toBe("\ufeff{}");
});

test("only the first bytes are read when a length is given", () => {
  expect(readUtf8(Buffer.from([0x61, 0x62, 0xff]), 2)).toBe("ab");
  expect(readUtf8(Buffer.from([0x61, 0xff, 0x62]), 2)).toBeUndefined();
});

test("reads what the platform's strict reader reads, and nothing else", () => {
  const pieces = fc.oneof(fc.uint8Array({ maxLength: 8 }), fc.string({ unit: "grapheme" }).map(Buffer.from));
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      const bytes = Buffer.concat(parts);
      expect(readUtf8(bytes)).toBe(strictly(bytes));
    }),
  );
});
