import { performance } from "node:perf_hooks";
import { RawConnection, requestBytes } from "../../support/raw-request.ts";
import { Run, type Target } from "../run.ts";
import { must } from "./need.ts";

/** Beyond both of these a difference of medians is systematic. */
const bound = { share: 0.05, milliseconds: 1 };
/** A busy machine disturbs single measurements: one undisturbed round is enough. */
const rounds = 5;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Whether two requests, asked in turn over one connection, take the same time: medians within 5 % or 1 ms. */
async function alike(
  target: Target,
  samples: number,
  requests: readonly [TimedRequest, TimedRequest],
): Promise<void> {
  const connection = await RawConnection.open(target.origin);
  const { host } = new URL(target.origin);
  const found: string[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const times: [number[], number[]] = [[], []];
      for (let sample = 0; sample < samples * 2; sample++) {
        const which = sample % 2 === 0 ? 0 : 1;
        const { path, token } = requests[which];
        const bytes = requestBytes({
          method: "GET",
          target: path,
          headers: [
            ["Host", host],
            ["Authorization", `Bearer ${token}`],
          ],
        });
        const begin = performance.now();
        connection.send(bytes);
        const { status } = await connection.answer();
        times[which].push(performance.now() - begin);
        must(status !== 429, "too few failed credentials a minute are allowed for this to be measured");
        must(status === 401 || status === 403 || status === 404, `an answer is ${status}`);
      }
      const [one, other] = [median(times[0]), median(times[1])];
      const difference = Math.abs(one - other);
      if (difference <= bound.milliseconds || difference / Math.max(one, other) <= bound.share) return;
      found.push(`${one.toFixed(2)} and ${other.toFixed(2)} ms`);
    }
  } finally {
    connection.close();
  }
  must(false, `the medians differ in every round: ${found.join(", ")}`);
}

interface TimedRequest {
  readonly path: string;
  readonly token: string;
}

export async function rowsTakeTheSameTime(target: Target): Promise<void> {
  const run = new Run(target, {});
  const { id, token } = run.person("ann");
  const task = (await run.addTask("ben")) as { id: number };
  const path = (row: number) => ({ path: `/api/${id}/tasks/${row}`, token });
  await alike(target, 200, [path(task.id), path(999_999_999)]);
}

export async function usersTakeTheSameTime(target: Target): Promise<void> {
  const run = new Run(target, {});
  const { token } = run.person("ann");
  await run.addTask("ben");
  const path = (user: string) => ({ path: `/api/${user}/tasks`, token });
  await alike(target, 200, [path(run.person("ben").id), path("user_that_is_nobody")]);
}

export async function signaturesTakeTheSameTime(target: Target): Promise<void> {
  const { id, token } = new Run(target, {}).person("ann");
  const dot = token.lastIndexOf(".") + 1;
  const changed = (at: number) =>
    `${token.slice(0, at)}${token[at] === "A" ? "B" : "A"}${token.slice(at + 1)}`;
  const path = `/api/${id}/tasks`;
  // The last character holds unused bits, so the one before it.
  await alike(target, 1000, [
    { path, token: changed(dot) },
    { path, token: changed(token.length - 2) },
  ]);
}
