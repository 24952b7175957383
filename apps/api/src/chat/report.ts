import type { Task } from "../tasks/schemas.ts";
import { type State, sentence } from "./language.ts";

/** How many tasks an answer names or lists. */
const namedTasks = 20;

/** `#3 “Buy milk”`. */
export function taskName({ id, title }: Pick<Task, "id" | "title">): string {
  return `#${id} “${title}”`;
}

/** The names of the tasks, joined; the first of many. */
export function taskNames(tasks: readonly Task[], joint: "and" | "or" = "and"): string {
  const names = tasks.slice(0, namedTasks).map(taskName);
  const others = tasks.length - names.length;
  return joined(others > 0 ? [...names, `${others} more`] : names, joint);
}

/** `#3, #5 or #9`. */
export function numberNames(numbers: readonly number[]): string {
  return joined(
    numbers.map((number) => `#${number}`),
    "or",
  );
}

/** `1 task`, `2 open tasks`. */
export function countOf(count: number, state: State = "all"): string {
  return `${count} ${kindOf(state)}${count === 1 ? "" : "s"}`;
}

/** The list of these tasks, out of `total` that were sought. */
export function listReport(
  tasks: readonly Task[],
  total: number,
  state: State,
  about: string | null,
): string {
  const subject = about === null ? "" : sentence("about", { words: about });
  if (total === 0 && about === null && state === "all") return sentence("no_tasks");
  if (total === 0) return sentence("nothing_listed", { kind: `${kindOf(state)}s`, about: subject });
  const shown = tasks.slice(0, namedTasks);
  const lines = shown.map((task) => taskName(task) + (task.completed && state === "all" ? " (done)" : ""));
  const more = total > shown.length ? [sentence("more", { count: String(total - shown.length) })] : [];
  return [sentence("list", { count: countOf(total, state), about: subject }), ...lines, ...more].join("\n");
}

/** How many there are, and the open one that waits longest. */
export function summaryReport(open: number, done: number, oldest: Task | undefined): string {
  const count = countOf(open + done);
  if (open + done === 0) return sentence("no_tasks");
  if (oldest === undefined) return sentence("all_done", { count });
  const numbers = sentence("summary", { count, open: String(open), done: String(done) });
  return `${numbers} ${sentence("oldest_open", { task: taskName(oldest) })}`;
}

/** A sentence about tasks, with `is` or `are`. */
export function tasksReport(name: string, tasks: readonly Task[]): string {
  return sentence(name, { tasks: taskNames(tasks), be: tasks.length === 1 ? "is" : "are" });
}

function kindOf(state: State): string {
  return state === "all" ? "task" : `${state} task`;
}

function joined(names: readonly string[], joint: "and" | "or"): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} ${joint} ${last}`;
}
