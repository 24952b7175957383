import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { plot } from "../measure/plot.ts";
import { type Group, groupTable, type Target, targetTable } from "../measure/report.ts";
import { inRounds } from "../measure/rounds.ts";
import { ratio } from "../measure/spread.ts";
import { type IssuerSetup, issuingContender } from "./issuers.ts";

const results = new URL("../results/", import.meta.url);

const official = "Better Auth jwt()";
const own = "watchword";
const bare = "no token: rate limit, router, session read";

const setups: readonly IssuerSetup[] = [
  { name: official, official: true },
  { name: own },
  { name: bare, bare: true },
  { name: "watchword EdDSA", options: { keys: {} } },
  { name: "watchword with feed", options: { revocation: true } },
];

export interface IssueBenchOptions {
  readonly rounds: number;
  readonly say: (text: string) => void;
}

/** Measures `GET /token` beside the official plugin's, and writes `issue.md`, `issue.svg` and `issue.json`. */
export async function benchIssue({ rounds, say }: IssueBenchOptions): Promise<void> {
  const contenders = [];
  for (const setup of setups) contenders.push(await issuingContender(setup));
  const costs = await inRounds(contenders, { rounds, milliseconds: 150 });
  const groups: readonly Group[] = [{ title: "One token by auth.handler", base: official, costs }];
  const of = (name: string) => ratio(costs[official] ?? [], costs[name] ?? []);
  const targets: readonly Target[] = [{ text: `${official} ÷ ${own}`, measured: of(own), atLeast: 1.5 }];
  const queries = contenders.map((one) => `| ${one.name} | ${one.queries} |`).join("\n");
  const text = `# What issuing costs

CPU time, user and system, of the process that issues. ${rounds} rounds, each with every contender in turn; medians with quartiles, ratios
within each round. Node ${process.versions.node}, ${availableParallelism()} cores. Made by \`npm run bench -- issue\`.

Better Auth on SQLite in memory, rate limit on, a request and its answer through \`auth.handler\`.
"No token" answers in \`onRequest\` with nothing but the session's user: what no plugin can save.

![CPU time per token](issue.svg)

## Targets

${targetTable(targets)}

## Measured

${groups.map(groupTable).join("\n")}
## Database queries for one token

| | queries |
| --- | ---: |
${queries}
`;
  mkdirSync(results, { recursive: true });
  writeFileSync(new URL("issue.md", results), text);
  writeFileSync(new URL("issue.svg", results), plot(groups, /watchword/));
  writeFileSync(new URL("issue.json", results), `${JSON.stringify({ rounds, groups })}\n`);
  say(`\n${targetTable(targets)}\n`);
}
