import type { Task } from "../tasks/schemas.ts";
import { type ChatTasks, findTasks, type Operation, tasksByNumber } from "./finder.ts";
import { sentence } from "./language.ts";
import { emptyMemory, type Memory } from "./memory.ts";
import { ask } from "./question.ts";
import type { Reference } from "./reference.ts";
import { idsOf, missingReport, type Reply, say, speakOf } from "./reply.ts";
import { taskName, tasksReport } from "./report.ts";
import { lengthOf } from "./words.ts";

const maxTitleCharacters = 200;

/** Adds an open task. */
export async function addTask(tasks: ChatTasks, title: string, memory: Memory): Promise<Reply> {
  const tooLong = titleFault(title);
  if (tooLong !== null) return say(tooLong, memory);
  const task = await tasks.create({ title, completed: false });
  return speakOf([task], sentence("added", { task: taskName(task) }), memory);
}

/** Completes, opens again or deletes what is meant. */
export async function changeTasks(
  tasks: ChatTasks,
  operation: Exclude<Operation, "rename">,
  which: Reference,
  memory: Memory,
): Promise<Reply> {
  const found = await findTasks(tasks, which, operation, memory.mentioned);
  if (found.kind === "none") return say(found.text, memory);
  if (found.kind === "several") {
    return ask(tasks, { kind: "choose", operation, tasks: idsOf(found.tasks), title: null }, memory);
  }
  if (operation === "delete") {
    const isSweeping = which.by === "state" || which.by === "about" || found.tasks.length > 1;
    return isSweeping
      ? askToDelete(tasks, found.tasks, found.missing, memory)
      : removeTasks(tasks, [...idsOf(found.tasks), ...found.missing]);
  }
  return toggle(tasks, operation === "complete", found.tasks, found.missing, memory);
}

async function toggle(
  tasks: ChatTasks,
  completed: boolean,
  found: readonly Task[],
  missing: readonly number[],
  memory: Memory,
): Promise<Reply> {
  const changed: Task[] = [];
  const already = found.filter((task) => task.completed === completed);
  const now: Task[] = [];
  for (const task of found) {
    const after = task.completed === completed ? task : await tasks.change(task.id, { completed });
    if (after !== task) changed.push(after);
    now.push(after);
  }
  const text = [
    ...(changed.length === 0 ? [] : [tasksReport(completed ? "done" : "reopened", changed)]),
    ...(already.length === 0 ? [] : [tasksReport(completed ? "done_already" : "open_already", already)]),
    ...missingReport(missing),
  ];
  return speakOf(now, text.join(" "), memory);
}

/** One task by its name is deleted at once; before several, or all of a kind, it is asked. */
async function askToDelete(
  tasks: ChatTasks,
  found: readonly Task[],
  missing: readonly number[],
  memory: Memory,
): Promise<Reply> {
  const reply = await ask(tasks, { kind: "confirm_delete", tasks: idsOf(found) }, memory);
  return { ...reply, text: [...missingReport(missing), reply.text].join(" ") };
}

/** Deletes these tasks, without asking. */
export async function removeTasks(tasks: ChatTasks, ids: readonly number[]): Promise<Reply> {
  const found = await tasksByNumber(tasks, ids);
  for (const { id } of found.tasks) await tasks.remove(id);
  const deleted = found.tasks.length === 0 ? [] : [tasksReport("deleted", found.tasks)];
  const text = [...deleted, ...missingReport(found.missing)].join(" ");
  return { text, tasks: found.tasks, memory: emptyMemory };
}

/** Gives one task another title. */
export async function renameTask(
  tasks: ChatTasks,
  which: Reference,
  title: string,
  memory: Memory,
): Promise<Reply> {
  const tooLong = titleFault(title);
  if (tooLong !== null) return say(tooLong, memory);
  const found = await findTasks(tasks, which, "rename", memory.mentioned);
  if (found.kind === "none") return say(found.text, memory);
  if (found.kind === "several") {
    return ask(tasks, { kind: "choose", operation: "rename", tasks: idsOf(found.tasks), title }, memory);
  }
  const [task] = found.tasks;
  if (found.tasks.length + found.missing.length > 1) return say(sentence("one_at_a_time"), memory);
  if (task === undefined) return say(missingReport(found.missing).join(" "), memory);
  const renamed = await tasks.change(task.id, { title });
  return speakOf([renamed], sentence("renamed", { task: taskName(task), title }), memory);
}

function titleFault(title: string): string | null {
  const characters = lengthOf(title);
  return characters <= maxTitleCharacters ? null : sentence("title_too_long", { count: String(characters) });
}
