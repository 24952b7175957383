import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claimCheck, plainClaims } from "../../src/better-auth/claim-check.ts";
import { WatchwordError } from "../../src/core/errors.ts";
import { createVerifier } from "../../src/core/verify.ts";
import { claims, now, options, token } from "../core/sample-token.ts";

const verifier = createVerifier({ ...options, cache: false });
const check = claimCheck(options);

async function verdict(work: () => unknown): Promise<string> {
  try {
    await work();
    return "accepted";
  } catch (error) {
    if (error instanceof WatchwordError) return `${error.code} ${error.claim}`;
    throw error;
  }
}

/** What the quick look and the verifier say; `undefined` where the quick look leaves it to the verifier. */
async function verdicts(changes: Readonly<Record<string, unknown>>) {
  const plain = plainClaims({ ...claims, ...changes });
  const quick = plain && (await verdict(() => check(plain)));
  return { quick, read: await verdict(() => verifier.verify(token(changes))) };
}

const names = fc.constantFrom(
  ...["iss", "aud", "sub", "iat", "exp", "nbf", "jti", "sid", "cnf", "session", "user", "scope"],
);
const values = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: "grapheme", maxLength: 5 }),
  fc.constantFrom("", ".", "..", "a/b", "better-auth:session-cache", claims.iss, claims.aud, undefined, null),
  fc.integer({ min: now - 10, max: now + 10 }),
  fc.double(),
  fc.boolean(),
);

describe("the quick look at claims", () => {
  it("says what the verifier says of the token that holds them", async () => {
    const changes = fc.dictionary(fc.oneof(names, fc.string({ maxLength: 8 })), values, { maxKeys: 3 });
    const said: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(changes, async (given) => {
        const { quick, read } = await verdicts(given);
        const kind = quick?.split(" ")[0] ?? "left to the verifier";
        said[kind] = (said[kind] ?? 0) + 1;
        if (quick !== undefined) expect(quick).toBe(read);
      }),
      { numRuns: 3000 },
    );
    expect(Object.keys(said)).toEqual(
      expect.arrayContaining(["accepted", "invalid_claim", "wrong_issuer", "left to the verifier"]),
    );
  });

  it.each<[string, unknown]>([
    ["a list", ["a"]],
    ["an object", { a: 1 }],
    ["null", null],
    ["a date", new Date(0)],
    ["half of a character", "\ud800"],
    ["what is no number", Number.NaN],
    ["what writes itself", Object.assign(() => {}, { toJSON: () => "x" })],
  ])("leaves %s to the verifier", (_, value) => {
    expect(plainClaims({ ...claims, own: value })).toBeUndefined();
  });

  it("does not see what is left out", () => {
    expect(plainClaims({ a: "b", c: undefined })).toEqual({ a: "b" });
  });
});
