import { addTask, changeTasks, removeTasks, renameTask } from "./changes.ts";
import { type Command, commandOf } from "./command.ts";
import { type ChatTasks, completedIn, soughtAs, tasksByNumber } from "./finder.ts";
import { sentence } from "./language.ts";
import type { Memory } from "./memory.ts";
import { ask, chosenTasks } from "./question.ts";
import type { Reference } from "./reference.ts";
import { missingReport, type Reply, say, speakOf } from "./reply.ts";
import { listReport, summaryReport, taskName } from "./report.ts";

const listedTasks = 20;

/** Answers a message by the rules of the language alone. */
export async function answerByRules(tasks: ChatTasks, message: string, memory: Memory): Promise<Reply> {
  const settled = await answerToQuestion(tasks, message, memory);
  if (settled !== null) return settled;
  const command = commandOf(message);
  const { question } = memory;
  if (question === null) return carryOut(tasks, command, memory);
  if (command.kind === "unknown" || command.kind === "yes") return ask(tasks, question, memory);
  const stillOpen = ["help", "greeting", "thanks"].includes(command.kind);
  return carryOut(tasks, command, stillOpen ? memory : { ...memory, question: null });
}

/** Takes the message for an answer to what was asked last; null where nothing was asked or the message says something else. */
export async function answerToQuestion(
  tasks: ChatTasks,
  message: string,
  memory: Memory,
): Promise<Reply | null> {
  const { question } = memory;
  if (question === null) return null;
  const command = commandOf(message);
  const settled = { ...memory, question: null };
  if (command.kind === "no") return { text: sentence("cancelled"), tasks: [], memory: settled };
  if (question.kind === "confirm_delete") {
    return command.kind === "yes" ? removeTasks(tasks, question.tasks) : null;
  }
  const chosen = await chosenTasks(tasks, question, message, command);
  if (chosen === null) return null;
  if (chosen.length === 0) return ask(tasks, question, memory);
  const which: Reference = { by: "numbers", numbers: chosen };
  return question.operation === "rename"
    ? renameTask(tasks, which, question.title ?? "", settled)
    : changeTasks(tasks, question.operation, which, settled);
}

/** Does what a command says. Everything happens inside the transaction of `tasks`. */
export async function carryOut(tasks: ChatTasks, command: Command, memory: Memory): Promise<Reply> {
  switch (command.kind) {
    case "add":
      return addTask(tasks, command.title, memory);
    case "list": {
      const { state, about } = command;
      const { items, total } = await tasks.list({
        ...completedIn(state),
        ...soughtAs(about ?? ""),
        sort: "-created_at",
        limit: listedTasks,
        offset: 0,
      });
      return speakOf(items, listReport(items, total, state, about), memory);
    }
    case "show":
      return show(tasks, command.numbers, memory);
    case "complete":
    case "reopen":
    case "delete":
      return changeTasks(tasks, command.kind, command.which, memory);
    case "rename":
      return renameTask(tasks, command.which, command.title, memory);
    case "summary": {
      const open = await tasks.list({ completed: false, sort: "created_at", limit: 1, offset: 0 });
      const done = await tasks.list({ completed: true, sort: "created_at", limit: 1, offset: 0 });
      return speakOf(open.items, summaryReport(open.total, done.total, open.items[0]), memory);
    }
    case "incomplete":
      return say(sentence("incomplete", { example: command.example }), memory);
    case "yes":
    case "no":
      return say(sentence("nothing_asked"), memory);
    case "help":
    case "greeting":
    case "thanks":
    case "unknown":
      return say(sentence(command.kind), memory);
  }
}

async function show(tasks: ChatTasks, numbers: readonly number[], memory: Memory): Promise<Reply> {
  const found = await tasksByNumber(tasks, numbers.slice(0, listedTasks));
  const lines = found.tasks.map((task) =>
    sentence(task.completed ? "is_done" : "is_open", { task: taskName(task) }),
  );
  return speakOf(found.tasks, [...lines, ...missingReport(found.missing)].join("\n"), memory);
}
