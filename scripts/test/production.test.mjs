import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { configurationFrom as apiConfiguration } from "../../apps/api/src/configuration.ts";
import { configurationFromEnvironment as webConfiguration } from "../../apps/web/lib/configuration.ts";
import { fromRoot } from "../workspace/folders.mjs";

const example = parseEnv(readFileSync(fromRoot("docs", "examples", "production.env"), "utf8"));
const secret = "kR2vB7xQ9mW4tY8uZ1pL6nD3sF5gH0jC";
const settings = { ...example, BETTER_AUTH_SECRET: secret };

describe("the example of a deployment", () => {
  it("holds no secret: without one neither server starts", () => {
    expect(example.BETTER_AUTH_SECRET).toBe("");
    expect(() => webConfiguration(example)).toThrow(/^BETTER_AUTH_SECRET/);
    expect(() => apiConfiguration(example)).toThrow(/BETTER_AUTH_SECRET/);
  });

  it("lets nobody sign in before their address is confirmed, and gives browsers no token", () => {
    expect(webConfiguration(settings)).toMatchObject({
      issuer: "https://app.example.com",
      requireEmailVerification: true,
      mail: { kind: "smtp" },
      api: { mode: "proxy", browserUrl: "/api/bff" },
      revocation: true,
      database: { kind: "postgres" },
    });
    expect(settings).not.toHaveProperty("ALLOW_HTTP");
  });

  it("has the API expect the tokens that the web application gives out", () => {
    const { issuer, audience } = webConfiguration(settings);
    expect(apiConfiguration(settings).verifier).toMatchObject({ issuer, audience });
  });
});
