import { hkdfSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { ConfigurationError } from "../../src/errors.ts";
import { checkKey, checkSecret, computeKeyId, deriveKey } from "../../src/keys/keys.ts";
import { contractFile } from "../contract-files.ts";

const { cases } = contractFile<{
  cases: { name: string; secret: string; audience: string; key: string; kid: string }[];
}>("vectors/keys.json");

describe.each(cases)("$name", ({ secret, audience, key, kid }) => {
  test("gives the contract's key and kid", () => {
    expect(deriveKey(secret, audience)).toBe(key);
    expect(computeKeyId(key)).toBe(kid);
  });

  test("passes the check, and so does its derived key", () => {
    expect(() => checkSecret(secret, "BETTER_AUTH_SECRET")).not.toThrow();
    expect(() => checkKey(key, "WATCHWORD_KEY")).not.toThrow();
  });
});

test.each(["344cf8999cfe50b476dfb506032b8883", "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0N3v"])(
  "%s is no pattern for ending as it begins",
  (secret) => {
    expect(() => checkSecret(secret, "BETTER_AUTH_SECRET")).not.toThrow();
  },
);

const hex = "344cf8999cfe50b476dfb506032b8883810924e87bb33fdd8caa1e05dc46a9f7";
const refused: [string, string, RegExp][] = [
  ["an empty text", "", /is empty/],
  ["white space", " ".repeat(40), /is empty/],
  ["31 characters", hex.slice(0, 31), /fewer than 32/],
  ["one character repeated", "a".repeat(64), /too few different/],
  ["nine different characters", "abcdefghi".repeat(8), /too few different/],
  ["a short pattern repeated", "0123456789abcdef".repeat(2), /short pattern/],
  ["a pattern whose last repetition is cut", "q8xL2mT7wR5yK9zB".repeat(3).slice(0, 41), /short pattern/],
  ["a sequence", "abcdefghijklmnopqrstuvwxyz0123456789", /sequence/],
  ["a sequence with a step", "acegikmoqsuwyACEGIKMOQSUWY13579acegik", /sequence/],
  ["two interleaved sequences", "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8", /sequence/],
  ["two that run against each other", "aZ9bY8cX7dW6eV5fU4gT3hS2iR1jQ0kP9lO8", /sequence/],
  ["keyboard rows", "asdfghjklzxcvbnmpoiuytrewqlkjhgfdsaX", /keyboard/],
  ["keyboard rows, some interleaved", "1q2w3e4r5t6y7u8i9o0pASDFGHJKLzxcvbnmLKJHGFDSA", /keyboard/],
  ["Better Auth's own default", "better-auth-secret-12345678901234567890", /placeholder/],
  ["a placeholder of an example file", "your-secret-key-min-32-chars-change-in-production", /placeholder/],
  ["the text of an unset variable", "undefined", /placeholder/],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template that was not filled in is the value under test
  ["a template", "${BETTER_AUTH_SECRET}", /template/],
  ["quotation marks that an env file left", `"${hex}"`, /quotation mark/],
  ["a line feed that a file left", `${hex}\n`, /white space/],
  ["an unpaired surrogate", `${hex}\ud800`, /surrogate/],
  [
    "a PEM block",
    "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEACaaOKeR\n-----END PUBLIC KEY-----",
    /public-key/,
  ],
  ["a PEM block after other text", `x\n-----BEGIN RSA PUBLIC KEY-----\n${hex}`, /public-key/],
  ["a JWK", `{"kty":"oct","k":"${hex}"}`, /public-key/],
  ["a list of JWKs", `[{"kty":"OKP","x":"${hex}"}]`, /public-key/],
  [
    "an SSH key",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAmmjinkf2RkRKoEOUkLMaU1lLZzPnWBXZPslL6KZy3I",
    /public-key/,
  ],
  ["a DER key in base64", "MCowBQYDK2VwAyEACaaOKeR/ZGREqgQ5SQsxpTWUtnM+dYFdk+yUvopnLcg=", /public-key/],
];

test.each(refused)(
  "refuses %s as a secret and as a key, in one sentence that names the setting",
  (_, text, why) => {
    for (const check of [checkSecret, checkKey]) {
      expect(() => check(text, "THE_SETTING")).toThrow(ConfigurationError);
      expect(() => check(text, "THE_SETTING")).toThrow(why);
      expect(() => check(text, "THE_SETTING")).toThrow(
        /^THE_SETTING .*Set it to at least 32 random characters/,
      );
    }
  },
);

test.each(refused.filter(([, text]) => text.trim().length > 16))("never quotes the value: %s", (_, text) => {
  try {
    checkSecret(text, "S");
    expect.unreachable();
  } catch (error) {
    expect(String(error)).not.toContain(text.slice(0, 12));
  }
});

test("refuses what is no text at all", () => {
  expect(() => checkSecret(undefined as unknown as string, "S")).toThrow(ConfigurationError);
});

test("accepts a long secret that repeats 32 characters or more", () => {
  expect(() => checkSecret(hex + hex, "S")).not.toThrow();
});

test("the derivation, the length of a kid and the bounds of a secret are the contract's", () => {
  const { key } = contractFile<{
    key: {
      derivation: {
        hash: string;
        salt: string;
        info: string;
        separator: string;
        bytes: number;
        encoding: "base64url";
      };
      kid_characters: { value: number };
      min_secret_characters: { value: number };
      min_secret_distinct_characters: { value: number };
    };
  }>("defaults.json");
  const { hash, salt, info, separator, bytes, encoding } = key.derivation;
  const audience = "https://api.example.test";
  const parts = [info, audience].join(separator);
  const derived = hkdfSync(hash.replace("-", ""), hex, salt, parts, bytes);
  expect(deriveKey(hex, audience)).toBe(Buffer.from(derived).toString(encoding));
  expect(computeKeyId(hex)).toHaveLength(key.kid_characters.value);
  const least = key.min_secret_characters.value;
  expect(() => checkSecret(hex.slice(0, least), "secret")).not.toThrow();
  expect(() => checkSecret(hex.slice(0, least - 1), "secret")).toThrow(ConfigurationError);
  // The digits of π, which know no pattern, by as many letters.
  const digits = "31415926535897932384626433832795028841971693993751";
  const distinct = (count: number) =>
    digits.replace(/./g, (digit) => "q8xL2mT7wR5yK9".charAt(Number(digit) % count));
  expect(() => checkSecret(distinct(key.min_secret_distinct_characters.value), "secret")).not.toThrow();
  expect(() => checkSecret(distinct(key.min_secret_distinct_characters.value - 1), "secret")).toThrow(
    ConfigurationError,
  );
});

test.each([undefined, ""])("a secret that is not set (%j) is told by the name of its setting", (secret) => {
  expect(() => deriveKey(secret as never, "https://api.test")).toThrow("set BETTER_AUTH_SECRET first");
});
