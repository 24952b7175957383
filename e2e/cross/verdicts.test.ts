import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { answers, programs } from "./programs.ts";
import { anyNames, anyToken, anyUserId, credentials } from "./random-tokens.ts";
import { knownKeys, now, settings } from "./settings.ts";

/** How many cases a run asks for; `CROSS_CASES` for longer runs. */
const count = Number(process.env["CROSS_CASES"] ?? 6000);
/** Printed by a failing run, to ask for the same shapes again (the keys are new each time). */
const seed = Number(process.env["CROSS_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

const knownSeed = 1;

/** Codes that a token, a credential or a URL can be refused with by the verifiers of `settings`. */
const codes = [
  "accepted",
  "anonymous",
  "missing",
  "malformed",
  "ambiguous_credentials",
  "too_large",
  "unsupported_alg",
  "unsupported_crit",
  "unknown_key",
  "bad_signature",
  "wrong_type",
  "missing_claim",
  "invalid_claim",
  "expired",
  "not_yet_valid",
  "wrong_issuer",
  "wrong_audience",
  "sender_constrained",
  "revoked",
  "wrong_subject",
  "insufficient_scope",
  "unavailable",
  "misconfigured",
];

interface Case {
  /** The moment of the request, in seconds since 1970. */
  readonly at: number;
  readonly verifier: number;
  readonly authorization: readonly string[];
  readonly mode: "required" | "optional";
  readonly userId: string | null;
  readonly scopes: readonly string[] | null;
  readonly roles: readonly string[] | null;
}

const cases: fc.Arbitrary<Case> = fc.nat({ max: settings.length - 1 }).chain((verifier) =>
  anyToken(knownKeys[verifier] ?? []).chain((token) =>
    fc.record({
      at: fc.constantFrom(0, 0, 0, 1, -1, 0.5, 839.5, 840).map((delta) => now + delta),
      verifier: fc.constant(verifier),
      // Without a credential often enough that some of these are anonymous in every run.
      authorization: fc.oneof(
        { weight: 30, arbitrary: credentials(token) },
        { weight: 1, arbitrary: fc.constant([]) },
      ),
      mode: fc.constantFrom("required", "required", "optional"),
      userId: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, anyUserId),
      scopes: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, anyNames),
      roles: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, anyNames),
    }),
  ),
);

describe(`${count} random requests, seed ${seed}`, () => {
  let asked: readonly Case[];
  let typescript: readonly string[];
  let python: readonly string[];

  beforeAll(async () => {
    // Half of them have the same shapes in every run, so that every code is met in every run.
    const sampled = [knownSeed, seed].flatMap((half) => fc.sample(cases, { numRuns: count / 2, seed: half }));
    // Some come again a little later, when their tokens may be remembered.
    asked = sampled.flatMap((one, index) => (index % 4 === 0 ? [one, { ...one, at: one.at + 0.25 }] : [one]));
    const lines = [JSON.stringify({ now, verifiers: settings }), ...asked.map((one) => JSON.stringify(one))];
    const known = programs();
    [typescript, python] = await Promise.all([
      answers(known.typescript, lines),
      answers(known.python, lines),
    ]);
  }, 120_000);

  test("get one answer each from both programs", () => {
    expect([typescript.length, python.length]).toEqual([asked.length, asked.length]);
  });

  test("get the same code, claim, detail and identity in both languages", () => {
    const different = asked
      .map((request, index) => ({
        request,
        typescript: JSON.parse(typescript[index] ?? "null"),
        python: JSON.parse(python[index] ?? "null"),
      }))
      .filter((one) => !equal(one.typescript, one.python));
    expect(different.slice(0, 3)).toEqual([]);
  });

  test("meet every code that a verifier can answer, and no fault of its own", () => {
    const seen = new Set(typescript.map((line) => JSON.parse(line).code));
    expect([...seen].sort()).toEqual([...codes].sort());
  });

  test("are accepted often enough to compare identities", () => {
    expect(typescript.filter((line) => JSON.parse(line).code === "accepted").length).toBeGreaterThan(
      count / 100,
    );
  });
});

test("every code of the contract that belongs to a token is among the compared ones", () => {
  const contract = JSON.parse(readFileSync(new URL("../../contract/errors.json", import.meta.url), "utf8"));
  const invalidToken = Object.entries<{ error: string | null }>(contract.codes)
    .filter(([, entry]) => entry.error === "invalid_token")
    .map(([code]) => code);
  expect(invalidToken.length).toBeGreaterThan(10);
  expect(invalidToken.filter((code) => !codes.includes(code))).toEqual([]);
});

/** Equal as JSON, whatever the order of members; -0 is 0, as JSON.stringify writes it. */
function equal(left: unknown, right: unknown): boolean {
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) {
    return left === right;
  }
  const names = Object.keys(left);
  if (Array.isArray(left) !== Array.isArray(right) || names.length !== Object.keys(right).length)
    return false;
  return names.every(
    (name) =>
      Object.hasOwn(right, name) &&
      equal((left as Record<string, unknown>)[name], (right as Record<string, unknown>)[name]),
  );
}
