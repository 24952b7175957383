// Both backends on both stores against the whole list. Prints one line for each with a mark for each pair.
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { chosenBackends } from "../support/backend.ts";
import { chosenStores } from "../support/store.ts";
import { entries, proveAll, type Result } from "./list.ts";
import { Pair } from "./pair.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { report: { type: "string" } },
});

const pairs = chosenStores().flatMap((store) => chosenBackends().map((backend) => new Pair(backend, store)));
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void Promise.all(pairs.map((pair) => pair.stop())).then(() => process.exit(1)));

const nameOf = ({ backend, storeName }: Pair) => `${backend} on ${storeName}`;

/** What is wrong with how the processes ended: each is held to have written no credential. */
const endings: string[] = [];

async function listOf(pair: Pair): Promise<readonly Result[]> {
  try {
    return await proveAll(await pair.start(), positionals, () => {});
  } finally {
    await pair.stop().catch((error: unknown) => endings.push(`${nameOf(pair)}: ${String(error)}`));
  }
}

const begin = Date.now();
const lists = await Promise.all(pairs.map(listOf));
const marks = { passed: "✓", failed: "✗", "not applying": "–" } as const;

console.log(`${pairs.map(nameOf).join(" · ")}\n`);
const failures: string[] = [];
for (const [index, { id, name }] of (lists[0] ?? []).entries()) {
  const results = lists.map((list) => list[index]);
  console.log(
    `${results.map((result) => (result ? marks[result.outcome] : "?")).join(" ")}  ${id}  ${name}${
      results[0]?.outcome === "not applying" ? `: ${results[0].because}` : ""
    }`,
  );
  for (const [at, result] of results.entries()) {
    const pair = pairs[at];
    if (result?.outcome === "failed" && pair)
      failures.push(`✗ ${nameOf(pair)}: ${id}  ${name}\n    ${result.because}`);
  }
}

/** What the lists say, apart from the words of a failure. */
const said = lists.map((list) => JSON.stringify(list.map(({ id, name, outcome }) => [id, name, outcome])));
const alike = new Set(said).size === 1;
const whole = positionals.length > 0 || lists.every((list) => list.length === entries().length);
console.log(`${alike ? "✓" : "✗"}  the list of results is the same for ${pairs.map(nameOf).join(", ")}`);
console.log(`${whole ? "✓" : "✗"}  no line is left out`);
const quiet = endings.length === 0;
console.log(`${quiet ? "✓" : "✗"}  every process ends, and has written no token, cookie or secret`);
failures.push(...endings.map((ending) => `✗ ${ending}`));
if (failures.length > 0) console.log(`\n${failures.join("\n")}`);

const results = lists.flat();
const failed =
  results.filter(({ outcome }) => outcome === "failed").length +
  [alike, whole, quiet].filter((holds) => !holds).length;
const passed = results.length + 3 - failed;
console.log(`\n${passed} passed, ${failed} failed (${((Date.now() - begin) / 1000).toFixed(0)} s)`);
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify({ passed, failed }));
process.exitCode = failed === 0 && results.length > 0 ? 0 : 1;
