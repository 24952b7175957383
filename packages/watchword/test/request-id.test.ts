import { afterEach, expect, it, vi } from "vitest";
import { requestIdFrom, requestIdOf } from "../src/request-id.ts";
import { contractFile } from "./contract-files.ts";

const { pattern, min, max } = contractFile<{
  http: { request_id_characters: { min: number; max: number; pattern: string } };
}>("defaults.json").http.request_id_characters;
const form = new RegExp(pattern);

afterEach(() => void vi.unstubAllGlobals());

it.each(["a".repeat(min), "a".repeat(max), "AZ_az-09"])(
  "a request id of the contract's form stays: %s",
  (id) => {
    expect(id).toMatch(form);
    expect(requestIdFrom(id)).toBe(id);
    expect(requestIdOf(new Headers({ "X-Request-Id": id }))).toBe(id);
  },
);

it.each([
  "",
  "a".repeat(min - 1),
  "a".repeat(max + 1),
  "a b c d e f",
  "request\n0001",
  "eyJh.eyJz.c2ln",
  "ä".repeat(9),
])("a request id of another form is replaced by a new one: %j", (id) => {
  expect(id).not.toMatch(form);
  const made = requestIdFrom(id);
  expect(made).toMatch(form);
  expect(requestIdFrom(id)).not.toBe(made);
});

it("a request without a usable id has none to pass on", () => {
  expect(requestIdOf(undefined)).toBeUndefined();
  expect(requestIdOf(new Headers())).toBeUndefined();
  expect(requestIdOf(new Headers({ "x-request-id": "a b" }))).toBeUndefined();
});

it("a page outside of a secure context makes ids of the same form", () => {
  const { crypto } = globalThis;
  vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
  const ids = [requestIdFrom(null), requestIdFrom(undefined)];
  for (const id of ids) expect(id).toMatch(form);
  expect(new Set(ids).size).toBe(2);
});
