import { mkdirSync, writeFileSync } from "node:fs";
import type { LoadReport } from "../../e2e/rotation/load.ts";
import { followOfficialPlugin } from "../../e2e/rotation/official-plugin.ts";
import { migrateToPublicKeys, rotatePublicKeys } from "../../e2e/rotation/public-keys.ts";
import { rotateSharedSecret } from "../../e2e/rotation/shared-secret.ts";

export interface RotationOptions {
  /** How many times as long as in the tests each play is: as many rotations, or held so much longer. */
  readonly pace: number;
  readonly say: (text: string) => void;
}

const plays: Readonly<Record<string, (pace: number) => Promise<LoadReport>>> = {
  "shared secret, verifiers first": (pace) => rotateSharedSecret("verifiers first", pace),
  "shared secret, issuer first": (pace) => rotateSharedSecret("issuer first", pace),
  "key pairs: scheduled, forced, compromised": rotatePublicKeys,
  "HS256 to EdDSA, verifiers one by one": migrateToPublicKeys,
  "Better Auth's own jwt()": followOfficialPlugin,
};

/**
 * The load tests of the rotations in their long form. Ends with an exit code where one answer was wrong, and writes what it
 * counted to bench/results.
 */
export async function benchRotation({ pace, say }: RotationOptions): Promise<void> {
  const rows: [string, LoadReport][] = [];
  for (const [name, play] of Object.entries(plays)) {
    say(name);
    const report = await play(pace);
    rows.push([name, report]);
    say(`  ${report.seconds} s, ${report.requests} requests, ${report.wrong.length} wrong answers`);
    for (const line of report.wrong) say(`  ${line}`);
    if (report.wrong.length > 0) process.exitCode = 1;
  }
  const folder = new URL("../results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL("rotation.json", folder), `${JSON.stringify(Object.fromEntries(rows), null, 2)}\n`);
  writeFileSync(new URL("rotation.md", folder), table(rows, pace));
}

function table(rows: readonly (readonly [string, LoadReport])[], pace: number): string {
  const lines = rows.map(
    ([name, { seconds, requests, good, old, tokens, keys, wrong }]) =>
      `| ${name} | ${seconds} | ${requests} | ${good} | ${old} | ${tokens} | ${keys.length} | ${wrong.length} |`,
  );
  return [
    "# Rotations under load",
    "",
    `One verifier in TypeScript and one in Python, each taken out of service while it is updated. \`npm run bench -- rotation --pace ${pace}\`:`,
    "as many times as long as in the tests.",
    "",
    "| rotation | seconds | requests | with good tokens | with old ones | tokens issued | keys that signed | wrong answers |",
    "|---|---|---|---|---|---|---|---|",
    ...lines,
    "",
  ].join("\n");
}
