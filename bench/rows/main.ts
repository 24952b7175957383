import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { type Backend, backendNames, startBackend } from "../../e2e/support/backend.ts";
import { newRealm } from "../../e2e/support/realm.ts";
import { newStore, type Store, storeNames } from "../../e2e/support/store.ts";
import { PostgresServer } from "../../scripts/workspace/postgres.mjs";
import { digits } from "../measure/report.ts";
import { fill, tasksOfUser } from "./fill.ts";
import { type Latencies, measure, percentile, questions } from "./latency.ts";
import { plot } from "./plot.ts";

const sizes = [1_000, 10_000, 100_000, 1_000_000];
const results = new URL("../results/", import.meta.url);
/** Flat: the median with a million rows is at most so many times the median with a thousand. */
const bound = 1.5;

export interface DataOptions {
  readonly rounds: number;
  readonly say: (text: string) => void;
}

/** The requests of all pairs of a backend and a store, by the name of the pair. */
async function measureAll({ rounds, say }: DataOptions): Promise<Readonly<Record<string, Latencies>>> {
  const measured: Record<string, Latencies> = {};
  const realm = newRealm();
  for (const storeName of storeNames) {
    const stores: Store[] = [];
    try {
      for (const size of sizes) {
        const store = await newStore(storeName, "rows");
        stores.push(store);
        // The tables are made by a backend, as always.
        const backend = await startBackend("hono", { realm, databaseUrl: store.url });
        await backend.process.stop();
        say(`${storeName}: ${size} tasks of ${size / tasksOfUser} users`);
        await fill(store, size);
      }
      for (const backendName of backendNames) {
        say(`${backendName} on ${storeName}`);
        const backends: Backend[] = [];
        try {
          for (const { url } of stores)
            backends.push(await startBackend(backendName, { realm, databaseUrl: url }));
          const services = backends.map(({ origin }, index) => ({ origin, tasks: sizes[index] ?? 0 }));
          measured[`${backendName} on ${storeName}`] = await measure(services, realm, rounds);
        } finally {
          for (const { process } of backends) await process.stop();
        }
      }
    } finally {
      for (const store of stores) await store.remove();
    }
  }
  return measured;
}

function table(latencies: Latencies): string {
  const head = `|  | ${sizes.map((size) => `${size.toLocaleString("en")} rows`).join(" | ")} | largest ÷ smallest |\n| --- | ${"---: | ".repeat(sizes.length)}---: |`;
  const rows = Object.keys(questions).flatMap((name) =>
    [0.5, 0.95].map((share) => {
      const values = sizes.map((size) => percentile(latencies[name]?.[size] ?? [], share));
      const growth = (values.at(-1) ?? Number.NaN) / (values[0] ?? Number.NaN);
      const verdict = share === 0.5 ? (growth <= bound ? " (flat)" : " (**grows**)") : "";
      return `| ${name}, p${share * 100} | ${values.map((value) => `${digits(value)} ms`).join(" | ")} | ${digits(growth)}${verdict} |`;
    }),
  );
  return `${head}\n${rows.join("\n")}\n`;
}

/** Measures what a user's requests cost while the rows of others grow, and writes `data.md` and `data.svg`. */
export async function benchData(options: DataOptions): Promise<void> {
  const server = process.env["WATCHWORD_TEST_POSTGRES"] ? undefined : await PostgresServer.start();
  if (server !== undefined) process.env["WATCHWORD_TEST_POSTGRES"] = server.url;
  try {
    const measured = await measureAll(options);
    const text = `# What a user's requests cost while the others' rows grow

Time on the wall of one request over HTTP, authenticated, from a connection that stays open. Every user has ${tasksOfUser} tasks: a thousand rows are ten users, a million are ten
thousand. Four services, one for each number of rows, are asked in turn (${options.rounds} times each question, each time of another user), so other work on the machine falls on all of
them alike. Flat means that the median with a million rows is at most ${bound} times the median with a thousand. Node ${process.versions.node}, ${availableParallelism()} cores. Made by \`npm run bench -- data\`.

"list" is a first page of 50, "search" finds one in eight of the user's titles, "count" filters by state and asks for one row and the total, "sorted by title" is the second page of 50.

![Milliseconds against rows](data.svg)

${Object.entries(measured)
  .map(([pair, latencies]) => `## ${pair}\n\n${table(latencies)}`)
  .join("\n")}`;
    mkdirSync(results, { recursive: true });
    writeFileSync(new URL("data.md", results), text);
    writeFileSync(new URL("data.svg", results), plot(measured, sizes));
    for (const [pair, latencies] of Object.entries(measured)) options.say(`\n${pair}\n${table(latencies)}`);
  } finally {
    await server?.stop();
  }
}
