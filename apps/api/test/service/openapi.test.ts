import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../test-api.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const contractFile = new URL("../../../../contract/openapi.json", import.meta.url);
const words = ["title", "summary", "description"];

/** Drops words and order, and writes a union with null as a list of types; nothing else may differ. */
function normalise(value: Json, insideProperties = false): Json {
  if (Array.isArray(value)) {
    return value.map((item) => normalise(item)).sort((a, b) => order(JSON.stringify(a), JSON.stringify(b)));
  }
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value)
    .filter(([name, member]) => insideProperties || !words.includes(name) || typeof member !== "string")
    .map(([name, member]) => [name, normalise(member, name === "properties")] as const)
    .sort(([a], [b]) => order(a, b));
  return Object.fromEntries(members);
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe("GET /openapi.json", () => {
  it("serves the document of the contract, written from the routes", async () => {
    const contract = JSON.parse(readFileSync(contractFile, "utf8")) as Json;
    const served = (await (await api.fetch("/openapi.json")).json()) as Json;
    expect(normalise(served)).toEqual(normalise(contract));
  });
});
