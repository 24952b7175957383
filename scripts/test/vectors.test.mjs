import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { readCases } from "../vectors/case-file.mjs";
import { fromRoot } from "../workspace/folders.mjs";

const folder = (name) => fromRoot("contract", "vectors", name);
const casesIn = (name) =>
  readdirSync(folder(name))
    .filter((file) => file !== "common.json")
    .flatMap((file) => readCases(join(folder(name), file)).cases);

const corpus = casesIn("corpus");
const own = casesIn("own");
const { codes } = JSON.parse(readFileSync(fromRoot("contract", "errors.json"), "utf8"));
/** Codes of the API's routes; no credential is refused with them. */
const routeCodes = [
  "malformed_request",
  "malformed_body",
  "not_found",
  "method_not_allowed",
  "precondition_failed",
  "body_too_large",
  "unsupported_media_type",
  "validation_failed",
  "rate_limited",
];
/** A fault of the verifier itself: no token causes it. */
const faultCodes = ["internal_error"];

async function run(...args) {
  const script = ["--conditions=watchword-source", fromRoot("scripts", "vectors.mjs"), ...args];
  try {
    return (await promisify(execFile)(process.execPath, script)).stdout.trim().split("\n");
  } catch (error) {
    return error.stdout.trim().split("\n");
  }
}

describe("the corpus", () => {
  it("is there as a whole", () => {
    const perLayer = Object.groupBy(corpus, ({ layer }) => layer);
    expect(Object.fromEntries(Object.entries(perLayer).map(([layer, list]) => [layer, list.length]))).toEqual(
      {
        token: 328,
        http: 73,
        config: 33,
        sequence: 20,
        issuer: 16,
      },
    );
    expect(own).toHaveLength(352);
    expect(new Set([...corpus, ...own].map(({ id }) => id)).size).toBe(470 + 352);
  });

  it("has every case that is a matter of taste decided in writing", () => {
    const decided = readFileSync(fromRoot("docs", "decisions", "0011-policy-cases.md"), "utf8");
    const policy = corpus.filter(({ level }) => level === "policy").map(({ id }) => id);
    expect(policy).toHaveLength(31);
    expect(policy.filter((id) => !decided.includes(`\`${id}\``))).toEqual([]);
  });

  it("has a case for every code a credential or a configuration can be refused with", () => {
    const expected = [...corpus, ...own]
      .flatMap(({ expect: outcome, steps = [] }) => [outcome, ...steps.map((step) => step.expect)])
      .flatMap((outcome) => outcome?.reason ?? []);
    const refusals = Object.keys(codes).filter((code) => ![...routeCodes, ...faultCodes].includes(code));
    expect(refusals.filter((code) => !expected.includes(code))).toEqual([]);
    expect([...new Set(expected)].filter((code) => !refusals.includes(code))).toEqual([]);
  });

  it("passes in TypeScript, every case of the four layers of a verifier", async () => {
    expect(await run()).toEqual(["806 passed, 0 failed"]);
  }, 60_000);
});

describe("the runner", () => {
  const scratch = mkdtempSync(join(tmpdir(), "vectors-"));
  afterAll(() => rmSync(scratch, { recursive: true }));

  function fileOf(...cases) {
    const file = join(scratch, "cases.json");
    const { common } = readCases(join(folder("corpus"), "token-baseline.json"));
    writeFileSync(file, JSON.stringify({ ...common, cases }));
    return file;
  }

  it("prints a line per mismatch and counts it", async () => {
    const [good, ...rest] = corpus.filter(({ id }) => ["base-hs256", "exp-missing"].includes(id));
    const wrong = { ...rest[0], expect: { result: "accept" } };
    expect(await run(fileOf(good, wrong))).toEqual([
      "exp-missing accept missing_claim",
      "1 passed, 1 failed",
    ]);
  });

  it("counts what it cannot run as failed and says why", async () => {
    const issuer = corpus.find(({ layer }) => layer === "issuer");
    const unknown = {
      ...corpus[0],
      id: "x",
      layer: "token",
      config: { base: "hs256", strange: 1 },
      expect: { result: "accept" },
    };
    const [first, second, last] = await run(fileOf(issuer, unknown));
    expect(first).toContain("not-run (layer issuer is not a verifier's)");
    expect(second).toContain("x accept not-run (");
    expect(last).toBe("0 passed, 2 failed");
  });

  it("fails for a file that is not there or holds no cases", async () => {
    for (const file of [join(scratch, "absent.json"), fileOf()]) {
      await expect(
        promisify(execFile)(process.execPath, [
          "--conditions=watchword-source",
          fromRoot("scripts", "vectors.mjs"),
          file,
        ]),
      ).rejects.toThrow();
    }
  });
});
