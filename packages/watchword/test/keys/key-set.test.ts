import { expect, test } from "vitest";
import { createKeySet, sharedKey } from "../../src/keys/key-set.ts";
import { key } from "../sample-token.ts";

const first = sharedKey({ key });
const second = sharedKey({ key: "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE" });

test("a key is found by its kid", () => {
  expect(createKeySet([first, second]).find("HS256", String(second.kid))).toBe(second);
});

test("without kid the only key is found", () => {
  expect(createKeySet([first]).find("HS256", undefined)).toBe(first);
});

test("without kid none of several keys is guessed", () => {
  expect(() => createKeySet([first, second]).find("HS256", undefined)).toThrow(
    expect.objectContaining({ code: "unknown_key" }),
  );
});

test("an unknown kid and an empty set are unknown_key", () => {
  expect(() => createKeySet([first]).find("HS256", String(second.kid))).toThrow(
    expect.objectContaining({ code: "unknown_key" }),
  );
  expect(() => createKeySet([]).find("HS256", undefined)).toThrow(
    expect.objectContaining({ code: "unknown_key" }),
  );
});
