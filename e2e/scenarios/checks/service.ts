import { performance } from "node:perf_hooks";
import { secretsIn } from "../../support/log-secrets.ts";
import { exchange } from "../../support/raw-request.ts";
import { Run, type Target } from "../run.ts";
import { must, operatorDoes } from "./need.ts";

/** How soon a service whose database is back must answer again, in milliseconds. */
const recovery = 15_000;
/** How long a refusal may take that asks no database, in milliseconds: far below every wait for one. */
const withoutWaiting = 1000;

/** Repeats a request until it is answered as wished, or the time is over. */
async function eventually(work: () => Promise<boolean>, sentence: string): Promise<void> {
  const deadline = performance.now() + recovery;
  while (!(await work())) {
    must(performance.now() < deadline, sentence);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function databaseWithheld(target: Target): Promise<void> {
  const withhold = operatorDoes(target, "withholdDatabase");
  const restore = operatorDoes(target, "restoreDatabase");
  const run = new Run(target, {});
  const task = (await run.addTask("ann")) as { id: number };
  const write = {
    who: "ann",
    method: "PATCH",
    path: `/api/{{ann.id}}/tasks/${task.id}`,
    json: { title: "not written" },
  };
  await withhold();
  try {
    await run.ask({
      ...write,
      expect: { code: "unavailable", headers: { "Retry-After": { $matches: "^[0-9]+$" } } },
    });
    await run.ask({ ...write, who: null, expect: { code: "missing" } });
    await run.ask({ ...write, path: "/api/somebody/tasks/1", expect: { code: "wrong_subject" } });
  } finally {
    await restore();
  }
  await eventually(async () => {
    const { id, token } = run.person("ann");
    const { status } = await exchange(target.origin, {
      method: "PATCH",
      target: `/api/${id}/tasks/${task.id}`,
      headers: [
        ["Authorization", `Bearer ${token}`],
        ["Content-Type", "application/json"],
      ],
      body: '{"title":"written"}',
    });
    must(status === 200 || status === 503, `it is answered ${status} while the database comes back`);
    return status === 200;
  }, "it does not recover when its database is back");
  await run.ask({
    who: "ann",
    path: `/api/{{ann.id}}/tasks/${task.id}`,
    expect: { status: 200, has: { title: "written", version: 2 } },
  });
}

export async function refusalsNeedNoDatabase(target: Target): Promise<void> {
  const withhold = operatorDoes(target, "withholdDatabase");
  const restore = operatorDoes(target, "restoreDatabase");
  const run = new Run(target, {});
  const { id } = run.person("ann");
  await withhold();
  try {
    for (const path of [`/api/${id}/tasks`, `/api/${id}/chat`, "/api/v1/posts"])
      for (const authorization of [[], ["Bearer x.y.z"]]) {
        const begin = performance.now();
        await run.ask({ method: "POST", path, authorization, json: { title: "x" }, expect: { status: 401 } });
        const took = performance.now() - begin;
        must(took < withoutWaiting, `a refusal takes ${took.toFixed(0)} ms without a database`);
      }
  } finally {
    await restore();
  }
  await eventually(async () => {
    const { token } = run.person("ann");
    const headers = [["Authorization", `Bearer ${token}`]] as const;
    return (
      (await exchange(target.origin, { method: "GET", target: `/api/${id}/tasks`, headers })).status === 200
    );
  }, "it does not recover when its database is back");
}

export async function failureTellsNothing(target: Target): Promise<void> {
  const damaged = { ...target, origin: await operatorDoes(target, "damaged")() };
  const { id, token } = new Run(damaged, {}).person("ann");
  const answer = await exchange(damaged.origin, {
    method: "GET",
    target: `/api/${id}/tasks`,
    headers: [["Authorization", `Bearer ${token}`]],
  });
  must(answer.status === 500, `a service that fails inside answers ${answer.status}`);
  must(answer.header("content-type") === "application/problem+json", "its answer is no problem document");
  must((answer.json() as { code: string }).code === "internal_error", "its code is not internal_error");
  must(
    !/description|column|select|exception|traceback|sqlite|postgres|lost_tasks|\.ts\b|\.py\b/i.test(
      answer.text,
    ),
    "it tells what is inside",
  );
}

export async function logHoldsNoCredential(target: Target): Promise<void> {
  const log = operatorDoes(target, "log")();
  must(log.length > 0, "the log is empty");
  const found = secretsIn(log, { secrets: target.operator?.secrets ?? [] });
  must(found.length === 0, found.slice(0, 3).join("; "));
}
