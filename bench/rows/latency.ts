import { performance } from "node:perf_hooks";
import { RawConnection, requestBytes } from "../../e2e/support/raw-request.ts";
import { type Realm, tokenFor } from "../../e2e/support/token.ts";
import { tasksOfUser, userId, words } from "./fill.ts";

/** What is asked of one user's tasks. */
export const questions: Readonly<Record<string, string>> = {
  list: "?limit=50",
  search: `?q=${words[0]}&limit=50`,
  count: "?completed=true&limit=1",
  "sorted by title": "?sort=title&limit=50&offset=50",
};

/** A running service, and how many tasks its store holds. */
export interface Service {
  readonly origin: string;
  readonly tasks: number;
}

/** Milliseconds of each request, by question and number of tasks in the store. */
export type Latencies = Readonly<Record<string, Readonly<Record<number, number[]>>>>;

/** Requests before the first that counts, for each question and service. */
const warmUp = 30;

/**
 * Asks all services in turn, so that whatever else the machine does falls on all of them alike: `rounds` times each question,
 * each time of another user.
 */
export async function measure(
  services: readonly Service[],
  realm: Realm,
  rounds: number,
): Promise<Latencies> {
  const found: Record<string, Record<number, number[]>> = {};
  const connections = await Promise.all(services.map(({ origin }) => RawConnection.open(origin)));
  try {
    for (let round = -warmUp; round < rounds; round++)
      for (const [question, query] of Object.entries(questions))
        for (const [index, { tasks, origin }] of services.entries()) {
          const connection = connections[index];
          if (connection === undefined) throw new Error("Each service has a connection.");
          // A step that shares no factor with the number of users, which is a power of ten.
          const user = userId(((round + warmUp) * 7919) % (tasks / tasksOfUser));
          const bytes = requestBytes({
            method: "GET",
            target: `/api/${user}/tasks${query}`,
            headers: [
              ["Host", new URL(origin).host],
              ["Authorization", `Bearer ${tokenFor(realm, user)}`],
            ],
          });
          const begin = performance.now();
          connection.send(bytes);
          const answer = await connection.answer();
          const took = performance.now() - begin;
          const { total } = answer.json() as { readonly total?: number };
          if (answer.status !== 200 || total === undefined || total < 1 || total > tasksOfUser)
            throw new Error(
              `${question} of ${user} is answered ${answer.status}: ${answer.text.slice(0, 200)}`,
            );
          if (round < 0) continue;
          const bySize = found[question] ?? {};
          found[question] = bySize;
          bySize[tasks] = [...(bySize[tasks] ?? []), took];
        }
  } finally {
    for (const connection of connections) connection.close();
  }
  return found;
}

/** The value below which a share of all values lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
