import { expect, it } from "vitest";
import type { LoadReport } from "./load.ts";
import { followOfficialPlugin } from "./official-plugin.ts";
import { migrateToPublicKeys, rotatePublicKeys } from "./public-keys.ts";
import { rotateSharedSecret } from "./shared-secret.ts";

/** Long and dense enough to say something, and not one wrong answer. */
function hold(report: LoadReport): void {
  expect(report.wrong).toEqual([]);
  expect(report.words).not.toHaveProperty("unavailable");
  expect(report.words).not.toHaveProperty("fault");
  expect(report.seconds).toBeGreaterThanOrEqual(30);
  expect(report.requests).toBeGreaterThanOrEqual(2000);
  expect(report.good).toBeGreaterThan(1000);
  expect(report.old).toBeGreaterThan(100);
}

it.each(["verifiers first", "issuer first"] as const)(
  "the shared secret is rotated, %s: no good token is refused, no old one accepted",
  async (order) => {
    const report = await rotateSharedSecret(order);
    hold(report);
    expect(report.keys).toHaveLength(2);
    expect(report.words["unknown_key"]).toBeGreaterThan(10);
  },
);

it("key pairs are rotated on schedule, by hand, and at once: no good token is refused, no old one accepted", async () => {
  const report = await rotatePublicKeys();
  hold(report);
  expect(report.keys.length).toBeGreaterThanOrEqual(4);
  expect(report.words["unknown_key"]).toBeGreaterThan(10);
});

it("HS256 gives way to EdDSA, verifiers one by one: no good token is refused, no old one accepted", async () => {
  const report = await migrateToPublicKeys();
  hold(report);
  expect(report.keys).toHaveLength(2);
  expect(report.words["unsupported_alg"]).toBeGreaterThan(10);
});

it("Better Auth's own jwt() rotates its keys: no good token is refused, no old one accepted", async () => {
  const report = await followOfficialPlugin();
  hold(report);
  expect(report.keys.length).toBeGreaterThanOrEqual(2);
});
