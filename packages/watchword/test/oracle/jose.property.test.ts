import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  claims,
  encode,
  headerOf,
  joseClaims,
  signed,
  signingAlgorithms,
  verdictOf,
} from "./both-verifiers.ts";
import { anyToken } from "./random-tokens.ts";
import { looseView, stricterThanJose } from "./stricter-than-jose.ts";

describe.each(signingAlgorithms)("%s", (alg) => {
  const token = signed(encode(JSON.stringify(headerOf(alg))), encode(JSON.stringify(claims)), alg);

  test("a good token is accepted by both with the same claims", async () => {
    expect(await verdictOf(token)).toEqual({ claims });
    expect(await joseClaims(token)).toEqual(claims);
  });

  test("a token whose signature is of other text is refused by both", async () => {
    const other = token.replace(/\.[^.]+\./, `.${encode(JSON.stringify({ ...claims, sub: "user_b" }))}.`);
    expect(await verdictOf(other)).toMatchObject({ code: "bad_signature" });
    expect(await joseClaims(other)).toBeUndefined();
  });
});

describe("4000 random tokens", () => {
  test("are accepted by jose with the same claims wherever they are accepted here, and refused here but accepted there only for a reason on the list", async () => {
    const seen = { accepted: 0, stricter: new Set<string>() };
    await fc.assert(
      fc.asyncProperty(anyToken, async (token) => {
        const [ours, theirs] = [await verdictOf(token), await joseClaims(token)];
        if ("claims" in ours) {
          seen.accepted += 1;
          expect(theirs).toEqual(ours.claims);
        } else if (theirs !== undefined) {
          const reasons = stricterThanJose.filter(
            ({ code, applies }) => code === ours.code && applies(looseView(token)),
          );
          expect(reasons.map(({ name }) => name)).not.toEqual([]);
          for (const { name } of reasons) seen.stricter.add(name);
        }
      }),
      { numRuns: 4000 },
    );
    expect(seen.accepted).toBeGreaterThan(400);
    expect(seen.stricter.size).toBeGreaterThan(stricterThanJose.length / 2);
  }, 60_000);
});

describe("what jose accepts and this package refuses", () => {
  test("is a list of 16 kinds", () => {
    expect(stricterThanJose.length).toBe(16);
    expect(new Set(stricterThanJose.map(({ name }) => name)).size).toBe(stricterThanJose.length);
  });

  test.each(stricterThanJose)("$name: $code", async ({ code, why, applies, example }) => {
    expect(why).not.toBe("");
    expect(applies(looseView(example))).toBe(true);
    expect(await joseClaims(example)).toBeDefined();
    expect(await verdictOf(example)).toMatchObject({ code });
  });
});
