import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJsonObject } from "../../src/encoding/strict-json.ts";

const parse = (text: string, maxDepth = 16) => parseJsonObject(text, maxDepth);

test.each([
  ["a duplicate member", '{"a":1,"a":2}'],
  ["a duplicate hidden by an escape", '{"a":1,"\\u0061":2}'],
  ["a duplicate in an inner object", '{"a":[{"b":1,"b":1}]}'],
  ["a duplicate after white space", '{"a":1, "a" \t\r\n : 2}'],
  ["a list", "[]"],
  ["a text", '"a"'],
  ["null", "null"],
  ["nothing", ""],
  ["two objects", "{}{}"],
  ["a trailing comma", '{"a":1,}'],
  ["a comment", '{"a":1}//'],
  ["NaN", '{"a":NaN}'],
  ["a byte order mark", "\ufeff{}"],
  ["a NUL behind it", "{}\0"],
  ["an unpaired surrogate in a value", '{"a":"\\ud800"}'],
  ["an unpaired surrogate in a name", '{"\\udc00":1}'],
  ["an unpaired surrogate in a list", '{"a":["\\ud800\\ud800\\udc00"]}'],
])("refuses %s", (_, text) => {
  expect(parse(text)).toBeUndefined();
});

test("refuses what is no text", () => {
  expect(parseJsonObject(undefined, 16)).toBeUndefined();
});

test("counts levels from the object itself", () => {
  expect(parse('{"a":[1]}', 2)).toEqual({ a: [1] });
  expect(parse('{"a":[{}]}', 2)).toBeUndefined();
  expect(parse('{"a":"[[[[{{{{"}', 1)).toEqual({ a: "[[[[{{{{" });
});

test("the same name in different objects is no duplicate", () => {
  expect(parse('{"a":{"a":1},"b":[{"a":1},{"a":"a"}]}')).toEqual({ a: { a: 1 }, b: [{ a: 1 }, { a: "a" }] });
});

test("a text equal to a name is no duplicate", () => {
  expect(parse('{"a":"a","b":["a","b"],"c":"\\\\\\""}')).toEqual({ a: "a", b: ["a", "b"], c: '\\"' });
});

test("an object inherits no member that was given to all objects", () => {
  expect(parse('{"__proto__":{"exp":1}}')?.exp).toBeUndefined();
  const everyObject = Object.prototype as { role?: string };
  everyObject.role = "admin";
  try {
    expect(parse('{"a":1}')?.role).toBeUndefined();
    expect(parse('{"a":1,"a":1}')).toBeUndefined();
    expect(Object.keys(parse('{"a":1}') ?? {})).toEqual(["a"]);
  } finally {
    delete everyObject.role;
  }
});

test("a name that is written once does not make up for one that is written twice", () => {
  expect(parse('{"a":1,"a":1,"b" :1}')).toBeUndefined();
  expect(parse('{"a":{"b":1,"b":1},"c":[{"d"\n:1}]}')).toBeUndefined();
  expect(parse('{"__proto__":1,"__proto__":1}')).toBeUndefined();
});

test("reads whatever JSON.stringify writes of an object, unchanged", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue({ maxDepth: 5 })), (object) => {
      const text = JSON.stringify(object);
      fc.pre(!/\\ud[89a-f]/i.test(text));
      expect({ ...parse(text) }).toEqual(JSON.parse(text));
    }),
  );
});

test("never throws, whatever the text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string()), (text) => {
      expect(() => parse(text)).not.toThrow();
    }),
  );
});
