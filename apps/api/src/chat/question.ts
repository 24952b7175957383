import { type Command, choiceOf, namedIn } from "./command.ts";
import { bestMatches, type ChatTasks, tasksByNumber } from "./finder.ts";
import { sentence } from "./language.ts";
import type { Memory, Question } from "./memory.ts";
import { idsOf, type Reply } from "./reply.ts";
import { countOf, taskNames } from "./report.ts";

/** Asks, and keeps in mind what was asked. Tasks that are gone are no longer offered. */
export async function ask(tasks: ChatTasks, question: Question, memory: Memory): Promise<Reply> {
  const found = await tasksByNumber(tasks, question.tasks);
  if (found.tasks.length === 0) {
    return { text: sentence("cancelled"), tasks: [], memory: { ...memory, question: null } };
  }
  const text =
    question.kind === "confirm_delete"
      ? sentence("confirm_delete", { count: countOf(found.tasks.length), tasks: taskNames(found.tasks) })
      : sentence(question.operation === "rename" ? "which_single" : "which_one", {
          tasks: taskNames(found.tasks, "or"),
        });
  const offered = { ...question, tasks: idsOf(found.tasks) };
  return { text, tasks: found.tasks, memory: { question: offered, mentioned: null } };
}

/** The candidates that a message chooses; none where it chooses wrongly, null where it chooses nothing. */
export async function chosenTasks(
  tasks: ChatTasks,
  question: Question & { kind: "choose" },
  message: string,
  command: Command,
): Promise<readonly number[] | null> {
  const position = choiceOf(message);
  if (position === 0) return question.operation === "rename" ? [] : question.tasks;
  if (position !== null) return question.tasks.slice(position === -1 ? -1 : position - 1).slice(0, 1);
  const named = namedIn(message);
  if (named.by === "numbers") {
    const isOffered = named.numbers.every((number) => question.tasks.includes(number));
    return isOffered && (question.operation !== "rename" || named.numbers.length === 1) ? named.numbers : [];
  }
  if (command.kind !== "unknown" || named.by !== "words") return null;
  const matches = bestMatches((await tasksByNumber(tasks, question.tasks)).tasks, named);
  return matches.length === 1 ? idsOf(matches) : null;
}
