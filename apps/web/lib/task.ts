export type { Task, TaskList } from "@watchword/todo-client";

/** What a user writes of a task. */
export interface TaskDraft {
  readonly title: string;
  readonly description: string | null;
  readonly completed?: boolean;
}

export const taskFilters = ["all", "open", "done"] as const;
export type TaskFilter = (typeof taskFilters)[number];

/** Which tasks a list shows. */
export interface TaskQuery {
  readonly filter: TaskFilter;
  /** Part of the title or description; empty for all. */
  readonly search: string;
}

/** Bounds in Unicode code points, as the API counts them. */
export const titleLength = { max: 200 } as const;
export const descriptionLength = { max: 2000 } as const;

/** @returns what is wrong with each field; empty when nothing is. */
export function checkDraft(draft: TaskDraft): { title?: string; description?: string } {
  const errors: { title?: string; description?: string } = {};
  const length = Array.from(draft.title).length;
  if (!draft.title.trim()) errors.title = "Write what is to be done.";
  else if (length > titleLength.max) {
    errors.title = `Use at most ${titleLength.max} characters; these are ${length}.`;
  }
  const words = Array.from(draft.description ?? "").length;
  if (words > descriptionLength.max) {
    errors.description = `Use at most ${descriptionLength.max} characters; these are ${words}.`;
  }
  return errors;
}
