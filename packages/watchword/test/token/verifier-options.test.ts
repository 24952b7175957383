import { describe, expect, test } from "vitest";
import { ConfigurationError } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import type { Identity } from "../../src/token/identity.ts";
import { checkOptions } from "../../src/token/policy.ts";
import type { VerifierOptions } from "../../src/token/verifier-options.ts";
import { contractFile } from "../contract-files.ts";
import { key, options, token, verdict } from "../sample-token.ts";

interface Defaults {
  token: Record<string, { value: unknown; min?: number; max?: number }>;
}

test("the defaults are the contract's", () => {
  const { token: defaults } = contractFile<Defaults>("defaults.json");
  const policy = checkOptions({ issuer: "i", audience: "a", key });
  expect({
    algorithms: policy.algorithms,
    accepted_types_shared_secret: policy.acceptedTypes.shared,
    required_claims: policy.requiredClaims,
    clock_tolerance_seconds: policy.clockToleranceSeconds,
    max_lifetime_seconds: policy.maxLifetimeSeconds,
    max_token_bytes: policy.maxTokenBytes,
    max_json_depth: policy.maxJsonDepth,
  }).toEqual({
    algorithms: defaults.algorithms?.value,
    accepted_types_shared_secret: defaults.accepted_types_shared_secret?.value,
    required_claims: defaults.required_claims?.value,
    clock_tolerance_seconds: defaults.clock_tolerance_seconds?.value,
    max_lifetime_seconds: defaults.max_lifetime_seconds?.value,
    max_token_bytes: defaults.max_token_bytes?.value,
    max_json_depth: defaults.max_json_depth?.value,
  });
});

test("the defaults for public keys and for the memory are the contract's", () => {
  const { token: defaults } = contractFile<Defaults>("defaults.json");
  const policy = checkOptions({ issuer: "i", audience: "a", jwks: { keys: [] } });
  expect(policy.algorithms).toEqual(defaults.algorithms_public_key?.value);
  expect(policy.acceptedTypes.published).toEqual(defaults.accepted_types_public_key?.value);
  expect(checkOptions({ issuer: "i", audience: "a", key, jwks: { keys: [] } }).algorithms).toEqual([
    "HS256",
    ...policy.algorithms,
  ]);
  const { value, min = 0, max = 0 } = defaults.cache_max_entries ?? {};
  const fill = (
    entries: number,
    cache = checkOptions({ ...options, cache: { maxEntries: entries } }).cache,
  ) => {
    for (let index = 0; index < 2 * entries; index += 1) {
      const entry = { token: `a.b.${index}`, identity: {} as Identity, validFrom: 0, keyGeneration: 0 };
      cache?.set(entry);
    }
    return cache?.size;
  };
  expect(fill(Number(value), checkOptions(options).cache)).toBe(value);
  expect(fill(min)).toBe(min);
  for (const entries of [min - 1, max + 1, min + 0.5, Number.NaN]) {
    expect(() => checkOptions({ ...options, cache: { maxEntries: entries } })).toThrow(ConfigurationError);
  }
});

test.each([
  ["clockToleranceSeconds", "clock_tolerance_seconds"],
  ["maxLifetimeSeconds", "max_lifetime_seconds"],
  ["maxTokenBytes", "max_token_bytes"],
  ["maxJsonDepth", "max_json_depth"],
] as const)("%s stays within the bounds of the contract", (option, name) => {
  const { min = Number.NaN, max = Number.NaN } = contractFile<Defaults>("defaults.json").token[name] ?? {};
  for (const value of [min, max]) expect(checkOptions({ ...options, [option]: value })[option]).toBe(value);
  for (const value of [min - 0.5, max + 0.5, Number.NaN]) {
    expect(() => checkOptions({ ...options, [option]: value })).toThrow(ConfigurationError);
  }
});

test("the contract holds no default of a verifier that no test asserts", () => {
  const { token: defaults, key_set: keySet } = contractFile<Defaults & { key_set: object }>("defaults.json");
  expect(Object.keys(defaults).sort()).toEqual(
    [
      "accepted_types_public_key",
      "accepted_types_shared_secret",
      "algorithms",
      "algorithms_public_key",
      "cache_max_entries",
      "clock_tolerance_seconds",
      "max_json_depth",
      "max_lifetime_seconds",
      "max_token_bytes",
      "optional_claims",
      "registered_claims",
      "reject_event_characters",
      "required_claims",
      "ttl_seconds",
      "typ",
    ].sort(),
  );
  expect(Object.keys(keySet)).toHaveLength(11);
});

test.each<[string, object]>([
  ["no issuer", { issuer: undefined }],
  ["an empty issuer", { issuer: "" }],
  ["an issuer of white space", { issuer: " " }],
  ["an issuer that is no text", { issuer: 1 }],
  ["a tolerance of null", { clockToleranceSeconds: null }],
  ["a longest life of null", { maxLifetimeSeconds: null }],
  ["a bound of the size of null", { maxTokenBytes: null }],
  ["a bound of the depth of null", { maxJsonDepth: null }],
  ["required claims that are a text", { requiredClaims: "sid" }],
  ["required claims of null", { requiredClaims: null }],
  ["a required claim that is no text", { requiredClaims: [1] }],
  ["a required claim without a name", { requiredClaims: [""] }],
  ["a type that is no text", { acceptedTypes: [1] }],
  ["a type without a name", { acceptedTypes: [null, ""] }],
  ["no audience", { audience: undefined }],
  ["an empty audience", { audience: "" }],
  ["an empty list of audiences", { audience: [] }],
  ["a list with an empty audience", { audience: ["a", ""] }],
  ["a list with null", { audience: [null] }],
  ["no algorithm", { algorithms: [] }],
  ["alg none", { algorithms: ["none"] }],
  ["alg none beside a good one", { algorithms: ["HS256", "none"] }],
  ["an unknown algorithm", { algorithms: ["HS257"] }],
  ["algorithms as one text", { algorithms: "HS256" }],
  ["a negative tolerance", { clockToleranceSeconds: -1 }],
  ["a tolerance over a minute", { clockToleranceSeconds: 60.5 }],
  ["a tolerance that is no number", { clockToleranceSeconds: Number.NaN }],
  ["an unbounded life", { maxLifetimeSeconds: Number.POSITIVE_INFINITY }],
  ["an unbounded size", { maxTokenBytes: Number.POSITIVE_INFINITY }],
  ["no accepted type", { acceptedTypes: [] }],
  ["an empty list of keys", { key: [] }],
  ["an empty list of secrets", { key: undefined, secret: [] }],
  ["a key that is no text", { key: [{ key: 7 }] }],
  ["a null among the keys", { key: [null] }],
  ["a keyId that is no text", { key: [{ key, keyId: 7 }] }],
  ["jwks that is no set", { jwks: [] }],
  ["jwksUrl that is no text", { jwksUrl: 7 }],
  ["claims that are no schema", { claims: {} }],
  ["a revocation source without isRevoked", { revocation: {} }],
  ["a cache without its bound", { cache: {} }],
  ["a list of issuers with an empty one", { issuer: ["i", ""] }],
  ["neither secret nor key", { key: undefined }],
  ["an empty key", { key: "" }],
  ["a short secret", { key: undefined, secret: "short" }],
])("%s is a configuration fault", (_, changes) => {
  expect(() => createVerifier({ ...options, ...changes } as VerifierOptions)).toThrow(ConfigurationError);
});

describe("secret and key together", () => {
  const secret = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa";
  const other = "MpMyFN0QUSAYBTdpMWhV6DUBTJMB6UuYoQIsFrvmgdE";

  test("both verify", async () => {
    expect(await verdict(token(), { secret, key })).toBe("accepted");
    expect(await verdict(token(), { secret, key: other })).toBe("accepted");
    expect(await verdict(token(), { key: other })).toBe("unknown_key");
  });
});

describe("a jwksUrl in the clear", () => {
  const { issuer, audience } = options;
  const at = (jwksUrl: string, allowHttp?: unknown) =>
    createVerifier({ issuer, audience, jwksUrl, allowHttp: allowHttp as boolean });

  test("is taken on this machine, and elsewhere where the boolean allows it", () => {
    expect(at("http://localhost:3000/jwks")).toBeDefined();
    expect(at("http://10.0.2.2:3000/jwks", true)).toBeDefined();
    for (const allowHttp of [undefined, false, "1", "no", 1])
      expect(() => at("http://10.0.2.2:3000/jwks", allowHttp)).toThrow("Set allowHttp");
  });

  test("is no other scheme and has no user name, although http is allowed", () => {
    for (const url of ["data:application/json,{}", "ftp://web/jwks", "/jwks", "http://a:b@web:3000/jwks"])
      expect(() => at(url, true)).toThrow(ConfigurationError);
  });
});
