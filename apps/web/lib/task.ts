/** A task as the API gives it; times are RFC 3339 in UTC. */
export interface Task {
  readonly id: number;
  readonly user_id: string;
  readonly title: string;
  readonly description: string | null;
  readonly completed: boolean;
  /** Goes up by one with each change. */
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** One page of tasks, newest first. */
export interface TaskList {
  readonly items: readonly Task[];
  /** How many tasks there are on all pages. */
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
}

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members => typeof value === "object" && value !== null;

/** Whether an answer of the API is a task. */
export function isTask(value: unknown): value is Task {
  if (!isMembers(value)) return false;
  const { id, version, completed, description, title, user_id, created_at, updated_at } = value;
  return (
    Number.isInteger(id) &&
    Number.isInteger(version) &&
    typeof completed === "boolean" &&
    (description === null || typeof description === "string") &&
    [title, user_id, created_at, updated_at].every((text) => typeof text === "string")
  );
}

/** Whether an answer of the API is a page of tasks. */
export function isTaskList(value: unknown): value is TaskList {
  if (!isMembers(value)) return false;
  const { items, total, limit, offset } = value;
  return [total, limit, offset].every(Number.isInteger) && Array.isArray(items) && items.every(isTask);
}

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
