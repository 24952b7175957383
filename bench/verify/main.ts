import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { plot } from "../measure/plot.ts";
import { type Group, groupTable, targetTable } from "../measure/report.ts";
import { inRounds, wallNanoseconds } from "../measure/rounds.ts";
import { httpGroups } from "./http.ts";
import { coldContenders, warmContenders } from "./libraries.ts";
import { targetsOf } from "./targets.ts";
import type { Algorithm } from "./tokens.ts";

const algorithms: readonly Algorithm[] = ["HS256", "EdDSA", "ES256"];
const results = new URL("../results/", import.meta.url);

export interface BenchOptions {
  readonly rounds: number;
  /** Interpreter of the environment with the Python peers. */
  readonly python: string;
  readonly say: (text: string) => void;
}

async function libraryGroups({ rounds, say }: BenchOptions): Promise<readonly Group[]> {
  const groups: Group[] = [];
  for (const algorithm of algorithms) {
    say(`TypeScript ${algorithm}`);
    const cold = await inRounds(coldContenders(algorithm), { rounds, milliseconds: 40 });
    const warm = await inRounds(warmContenders(algorithm), { rounds, milliseconds: 20 });
    groups.push(
      { title: `TypeScript ${algorithm}, every token new`, base: "node:crypto floor", costs: cold },
      { title: `TypeScript ${algorithm}, tokens come again`, base: "watchword", costs: warm },
    );
  }
  const latency = await inRounds(coldContenders("HS256"), { rounds, milliseconds: 40 }, wallNanoseconds);
  groups.push({
    title: "TypeScript HS256, every token new, one after the other: time on the wall",
    base: "node:crypto floor",
    costs: latency,
  });
  return groups;
}

function pythonGroups({ rounds, python, say }: BenchOptions): readonly Group[] {
  say("Python");
  const program = new URL("python/libraries.py", import.meta.url);
  return JSON.parse(execFileSync(python, [program.pathname, String(rounds), "40"], { encoding: "utf8" }));
}

/** Measures verification in both languages and over HTTP, and writes `verify.md`, `verify.svg` and `verify.json`. */
export async function benchVerify(options: BenchOptions): Promise<void> {
  const { rounds, python, say } = options;
  const groups = [...(await libraryGroups(options)), ...pythonGroups(options)];
  say("HTTP");
  groups.push(...(await httpGroups({ rounds, requests: 8000, python })));
  const targets = targetsOf(groups);
  const pythonVersion = execFileSync(python, ["-c", "import platform; print(platform.python_version())"], {
    encoding: "utf8",
  }).trim();
  const text = `# What verification costs

CPU time, user and system, of the process that verifies (one table is of time on the wall): other work on the machine does not count, requests per second would. ${rounds} rounds,
each with every contender of a table in turn; medians with quartiles, ratios within each round. Node ${process.versions.node}, Python ${pythonVersion},
${availableParallelism()} cores. Made by \`npm run bench -- verify\`.

Tokens are those of the issuing plugin: ten claims, \`typ\`, \`kid\`. Each contender checks signature, \`alg\`, \`exp\`, \`iss\` and \`aud\`, and what
else its options offer. The floor is the platform's signature check with a ready key and two times \`JSON.parse\`: it checks no claim. "Remembering"
fills a cache as well. \`watchword\` is called as the adapters call it.

![CPU time per operation](verify.svg)

## Targets

${targetTable(targets)}

## Libraries and HTTP

${groups.map(groupTable).join("\n")}`;
  mkdirSync(results, { recursive: true });
  writeFileSync(new URL("verify.md", results), text);
  writeFileSync(new URL("verify.svg", results), plot(groups, /watchword/));
  writeFileSync(new URL("verify.json", results), `${JSON.stringify({ rounds, groups })}\n`);
  say(`\n${targetTable(targets)}\n`);
}
