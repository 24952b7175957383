import { expect, test } from "vitest";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import type { Identity } from "../../src/token/identity.ts";
import { type CachedToken, TokenCache } from "../../src/token/token-cache.ts";
import { options, token } from "../sample-token.ts";

const entry = (text: string) =>
  ({ token: text, identity: {} as Identity, validFrom: 0, keyGeneration: 0 }) satisfies CachedToken;

test("never holds more than it may, and forgets the oldest half", () => {
  const cache = new TokenCache(4);
  for (let index = 0; index < 100; index += 1) {
    cache.set(entry(`a.b.${index}`));
    expect(cache.size).toBeLessThanOrEqual(4);
  }
  expect(cache.get("a.b.99")).toBeDefined();
  expect(cache.get("a.b.0")).toBeUndefined();
});

test("keeps what is asked for again and again", () => {
  const cache = new TokenCache(4);
  cache.set(entry("a.b.kept"));
  for (let index = 0; index < 100; index += 1) {
    expect(cache.get("a.b.kept")).toBeDefined();
    cache.set(entry(`a.b.${index}`));
  }
});

test("tells tokens with the same signature text apart", () => {
  const cache = new TokenCache(4);
  const signature = "c".repeat(43);
  cache.set(entry(`a.b.${signature}`));
  expect(cache.get(`a.x.${signature}`)).toBeUndefined();
  expect(cache.get(`a.b.${signature}`)?.token).toBe(`a.b.${signature}`);
});

test("gives the very identity again, frozen at every level", async () => {
  const verifier = createVerifier(options);
  const text = token({ team: { ids: [1] } });
  const first = await verifier.verify(text);
  expect(await verifier.verify(text)).toBe(first);
  const { team } = first.claims as { team: { ids: number[] } };
  for (const part of [first, first.claims, team, team.ids, first.roles, first.scopes, first.audience]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});

test("can be switched off", async () => {
  const verifier = createVerifier({ ...options, cache: false });
  const text = token();
  expect(await verifier.verify(text)).not.toBe(await verifier.verify(text));
});
