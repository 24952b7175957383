import { describe, expect, test } from "vitest";
import { feedBounds, readFeedAnswer } from "../../src/feed/revocation-answer.ts";

const entry = { kind: "session", id: "session_a", at: 100, until: 200 };
const good = { entries: [entry], cursor: "c1", more: false, now: 100 };
const read = (changes: object) => readFeedAnswer(Buffer.from(JSON.stringify({ ...good, ...changes })));

describe("an answer of the feed", () => {
  test("says what is revoked and where to go on", () => {
    expect(read({})).toEqual({ entries: [entry], cursor: "c1", more: false });
  });

  test("is read up to its greatest size, and not a byte beyond", () => {
    const text = JSON.stringify(good);
    const ofSize = (bytes: number) => readFeedAnswer(Buffer.from(text.padEnd(bytes)));
    expect(ofSize(feedBounds.maxBytes)?.cursor).toBe("c1");
    expect(ofSize(feedBounds.maxBytes + 1)).toBeUndefined();
  });

  test("is read up to its greatest number of entries, and not one beyond", () => {
    const ofLength = (length: number) => read({ entries: Array.from({ length }, () => entry) });
    expect(ofLength(feedBounds.maxEntries)?.entries).toHaveLength(feedBounds.maxEntries);
    expect(ofLength(feedBounds.maxEntries + 1)).toBeUndefined();
  });

  test("is read up to the greatest length of its cursor, in UTF-16 code units", () => {
    const { maxCursorCharacters } = feedBounds;
    expect(read({ cursor: "😀".repeat(maxCursorCharacters / 2) })?.more).toBe(false);
    expect(read({ cursor: "c".repeat(maxCursorCharacters + 1) })).toBeUndefined();
    expect(read({ cursor: "😀".repeat(maxCursorCharacters / 2 + 1) })).toBeUndefined();
  });

  test.each(["1e999", "-1e999", `1${"0".repeat(400)}`, `1${"0".repeat(5000)}`])(
    "whose time is beyond all numbers is not understood (%#)",
    (number) => {
      const text = JSON.stringify(good);
      const readText = (changed: string) => readFeedAnswer(Buffer.from(changed));
      expect(readText(text.replace('"now":100', `"now":${number}`))).toBeUndefined();
      expect(readText(text.replace('"until":200', `"until":${number}`))).toBeUndefined();
    },
  );

  test.each([
    ["nothing", null],
    ["a number", 5],
    ["a list", []],
    ["a number for an id", { ...entry, id: 5 }],
    ["an empty id", { ...entry, id: "" }],
    ["no id", { ...entry, id: undefined }],
    ["a kind of another name", { ...entry, kind: "device" }],
    ["part of a second", { ...entry, at: 100.5 }],
    ["a time before 1970", { ...entry, until: -1 }],
    ["a text for a time", { ...entry, until: "200" }],
    ["a session that is deleted", { ...entry, deleted: true }],
    ["a user that is deleted by a word", { ...entry, kind: "user", deleted: "yes" }],
  ])("with %s among its entries is not understood", (_name, other) => {
    expect(read({ entries: [entry, other] })).toBeUndefined();
  });
});
