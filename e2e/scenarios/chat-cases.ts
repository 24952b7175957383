import { readFileSync } from "node:fs";
import { Failure, Run, type Target } from "./run.ts";
import type { Json } from "./scenario.ts";
import { differences } from "./values.ts";

/** A conversation of contract/chat/cases.json; its README.md says what the members mean. */
export interface ChatCase {
  readonly id: string;
  readonly given: readonly { readonly [member: string]: Json }[];
  readonly say: readonly {
    readonly message: string;
    readonly answer: string;
    readonly tasks: readonly number[];
  }[];
  readonly afterwards: readonly {
    readonly task: number;
    readonly title: string;
    readonly completed: boolean;
  }[];
}

interface Task {
  readonly id: number;
  readonly title: string;
  readonly completed: boolean;
}

export function chatCases(): readonly ChatCase[] {
  const file = new URL("../../contract/chat/cases.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { readonly cases: readonly ChatCase[] }).cases;
}

const page = 100;

async function allTasks(run: Run): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  for (;;) {
    const path = `/api/{{ann.id}}/tasks?sort=created_at&limit=${page}&offset=${tasks.length}`;
    const answer = await run.ask({ who: "ann", path, expect: { status: 200 } });
    const { items, total } = answer.json() as { readonly items: readonly Task[]; readonly total: number };
    tasks.push(...items);
    if (tasks.length >= total) return tasks;
  }
}

/** Holds a whole conversation with the assistant. Tasks are named by the order in which they were made. */
export async function holdConversation(target: Target, { given, say, afterwards }: ChatCase): Promise<void> {
  const run = new Run(target, {});
  const ids: number[] = [];
  for (const members of given) ids.push(((await run.addTask("ann", members)) as unknown as Task).id);
  const named = (text: string) =>
    text.replaceAll(/\{(\d+)\}/g, (_, number: string) => String(ids[Number(number) - 1] ?? `{${number}}`));
  let conversation: number | null = null;
  for (const { message, answer: wanted, tasks } of say) {
    const answer = await run.ask({
      who: "ann",
      method: "POST",
      path: "/api/{{ann.id}}/chat",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ message: named(message), conversation_id: conversation }).replaceAll(
        "{{",
        "{\\u007b",
      ),
      expect: { status: 200 },
    });
    const said = answer.json() as { conversation_id: number; message: string; tasks: readonly Task[] };
    conversation = said.conversation_id;
    const known = new Set(ids);
    ids.push(
      ...(await allTasks(run))
        .map(({ id }) => id)
        .filter((id) => !known.has(id))
        .sort((a, b) => a - b),
    );
    const faults = [
      ...differences(said.message, named(wanted)),
      ...differences(
        said.tasks.map(({ id }) => ids.indexOf(id) + 1),
        tasks,
      ),
    ];
    if (faults.length > 0) throw new Failure(`${JSON.stringify(message)}: ${faults.join("; ")}`);
  }
  const now = (await allTasks(run))
    .map(({ id, title, completed }) => ({ task: ids.indexOf(id) + 1, title, completed }))
    .sort((left, right) => left.task - right.task);
  const faults = differences(
    now,
    afterwards.map(({ task, title, completed }) => ({ task, title, completed })),
  );
  if (faults.length > 0) throw new Failure(`afterwards: ${faults.slice(0, 3).join("; ")}`);
}
