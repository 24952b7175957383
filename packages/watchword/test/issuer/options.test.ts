import { betterAuth } from "better-auth";
import { jwt } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { deletionSeconds } from "../../src/issuer/feed/revocation-log.ts";
import { type WatchwordOptions, watchword } from "../../src/issuer/index.ts";
import { maxAgeSeconds } from "../../src/issuer/keys/key-endpoints.ts";
import { signingAlgorithms } from "../../src/issuer/keys/key-options.ts";
import { rsaBits } from "../../src/issuer/keys/key-pair.ts";
import { reloadSeconds } from "../../src/issuer/keys/key-ring.ts";
import { checkOptions, registeredClaims } from "../../src/issuer/options.ts";
import { contractFile } from "../contract-files.ts";
import { audience, issuer, plugin, realAuth, secret } from "./real-auth.ts";

interface Defaults {
  token: { registered_claims: { value: string[] }; ttl_seconds: Record<string, unknown> };
}

const misconfigured = { name: "ConfigurationError", code: "misconfigured" };

describe("watchword() refuses to be constructed", () => {
  it.each<[string, object]>([
    ["without an issuer", { issuer: undefined }],
    ["with an empty issuer", { issuer: "" }],
    ["with a blank issuer", { issuer: "  " }],
    ["with an issuer that follows the request", { issuer: () => "https://app.test" }],
    ["with the issuer switched off", { issuer: null }],
    ["without an audience", { audience: undefined }],
    ["with an empty audience", { audience: "" }],
    ["with the audience of Better Auth's session cookie", { audience: "better-auth:session-cache" }],
    ["with a life below a minute", { ttlSeconds: 59 }],
    ["with a life above seven days", { ttlSeconds: 604_801 }],
    ["with a life that is no whole number", { ttlSeconds: 900.5 }],
    ["with a life that is a text", { ttlSeconds: "900" }],
    ["with a short key", { key: "short" }],
    ["with an empty key", { key: "" }],
    ["with a placeholder for a key", { key: "your-secret-key-change-me-please-now-1234" }],
    ["with an empty scope", { scope: "" }],
    ["with a scope that holds a quotation mark", { scope: 'tasks:"read"' }],
  ])("%s", (_, change) => {
    const options = { issuer, audience, ...change } as WatchwordOptions;
    expect(() => watchword(options)).toThrow(expect.objectContaining(misconfigured));
  });

  it.each([60, 604_800])("but not with a life of %i seconds", (ttlSeconds) => {
    expect(watchword({ issuer, audience, ttlSeconds }).id).toBe("watchword");
  });

  it("and never quotes the key", () => {
    const key = "hunter2-hunter2-hunter2-hunter2-hunter2";
    expect(() => watchword({ issuer, audience, key })).toThrow(/^(?!.*hunter2).*WATCHWORD_KEY/);
  });
});

describe("auth.$context, and so the start, fails", () => {
  it.each([
    ["a short secret", { secret: "short" }, "BETTER_AUTH_SECRET has fewer than 32 characters"],
    ["a secret of one character", { secret: "a".repeat(64) }, "BETTER_AUTH_SECRET repeats"],
    [
      "a weak current secret among good old ones",
      {
        secrets: [
          { version: 2, value: "b".repeat(40) },
          { version: 1, value: secret },
        ],
      },
      "Version 2 of BETTER_AUTH_SECRETS repeats",
    ],
  ])("for %s", async (_, options, message) => {
    const started = realAuth({ ...options, plugins: [plugin()] });
    await expect(started).rejects.toMatchObject({
      ...misconfigured,
      message: expect.stringContaining(message),
    });
  });

  it("for a WATCHWORD_KEY that is Better Auth's secret: its tokens would verify e-mail addresses", async () => {
    const started = realAuth({ plugins: [plugin({ key: secret })] });
    await expect(started).rejects.toMatchObject({
      ...misconfigured,
      message: expect.stringMatching(/^WATCHWORD_KEY is the same/),
    });
  });

  it.each(["before", "after"])("beside Better Auth's own jwt() listed %s it", async (place) => {
    const plugins = place === "before" ? [jwt(), plugin()] : [plugin(), jwt()];
    await expect(realAuth({ plugins })).rejects.toMatchObject({
      ...misconfigured,
      message: "watchword() and the plugin jwt both answer GET /token. Remove one of them, or set tokenPath.",
    });
  });

  it("when it is installed twice", async () => {
    await expect(realAuth({ plugins: [plugin(), plugin()] })).rejects.toMatchObject(misconfigured);
  });

  it("without a session store: a sign-out would end nothing", async () => {
    const auth = betterAuth({ baseURL: issuer, secret, logger: { disabled: true }, plugins: [plugin()] });
    await expect(auth.$context).rejects.toMatchObject(misconfigured);
  });
});

describe("the contract", () => {
  interface Bounds {
    value: unknown;
    min?: number;
    max?: number;
  }
  const bounds = (part: string) =>
    contractFile<Record<string, Record<string, Bounds>>>("defaults.json")[part] ?? {};

  it("has the same bounds and defaults of key pairs", () => {
    const known = bounds("signing_keys");
    const policy = checkOptions({ issuer, audience, keys: {} }).keys;
    expect(known["algorithms"]?.value).toEqual(signingAlgorithms);
    expect(known["rotate_after_seconds"]?.value).toBe(policy?.rotateAfterSeconds);
    expect(known["overlap_seconds"]).toEqual({ value: policy?.overlapSeconds, min: 60, max: 604_800 });
    expect(known["reload_seconds"]?.value).toBe(reloadSeconds);
    expect(known["max_age_seconds"]?.value).toBe(maxAgeSeconds);
    expect(known["rsa_bits"]?.value).toBe(rsaBits);
  });

  it("has the same bounds and defaults of the feed", () => {
    const known = bounds("revocation");
    const policy = checkOptions({ issuer, audience, revocation: true }).revocation;
    expect(known["replica_clock_skew_seconds"]).toEqual({
      value: policy?.replicaClockSkewSeconds,
      min: 0,
      max: 30,
    });
    expect(known["deletion_seconds"]?.value).toBe(deletionSeconds);
  });

  it("has the same registered claims and bounds", () => {
    const { registered_claims, ttl_seconds } = contractFile<Defaults>("defaults.json").token;
    expect(registeredClaims).toEqual(registered_claims.value);
    expect(ttl_seconds).toMatchObject({ value: 900, min: 60, max: 604_800 });
  });
});
