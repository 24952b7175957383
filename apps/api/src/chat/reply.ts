import type { Task } from "../tasks/schemas.ts";
import { sentence } from "./language.ts";
import type { Memory } from "./memory.ts";
import { numberNames } from "./report.ts";

/** What the assistant says, the tasks it speaks of as they are now, and what it keeps in mind. */
export interface Reply {
  readonly text: string;
  readonly tasks: readonly Task[];
  readonly memory: Memory;
}

/** An answer about no task: what was mentioned before stays in mind. */
export function say(text: string, memory: Memory): Reply {
  return { text, tasks: [], memory };
}

/** An answer about these tasks: a single one is "it" from now on. */
export function speakOf(tasks: readonly Task[], text: string, memory: Memory): Reply {
  const [only, ...others] = tasks;
  if (only === undefined) return say(text, memory);
  return { text, tasks, memory: { ...memory, mentioned: others.length === 0 ? only.id : null } };
}

/** Their numbers, in the same order. */
export function idsOf(tasks: readonly Task[]): number[] {
  return tasks.map(({ id }) => id);
}

/** The sentence that names the numbers of no task, where there are any. */
export function missingReport(missing: readonly number[]): string[] {
  return missing.length === 0 ? [] : [sentence("no_number", { numbers: numberNames(missing) })];
}
