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

/** What the routes say of themselves; a map without entries says nothing. */
function generate(app: TestApi["app"]): Json {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearerAuth", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
  });
  const { openapi, info, paths, components } = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Watchword Todo API", version: "0.1.0" },
  });
  const { schemas, securitySchemes } = components ?? {};
  const document = { openapi, info, paths, components: { schemas, securitySchemes } };
  return JSON.parse(JSON.stringify(document)) as Json;
}

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe("the OpenAPI document", () => {
  const contract = JSON.parse(readFileSync(contractFile, "utf8")) as Json;

  it("that the routes generate is the contract's", () => {
    expect(normalise(generate(api.app))).toEqual(normalise(contract));
  });

  it("is served as it stands in the contract", async () => {
    const response = await api.fetch("/openapi.json");
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(await response.text()).toBe(JSON.stringify(contract));
  });
});
