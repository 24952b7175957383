import type { Reader, Writer } from "../database/owned.ts";
import type { TaskChangeKind } from "../database/tables.ts";
import { type Task, toTask } from "./schemas.ts";

const keptChanges = 1000;
const pageSize = 100;

/** One numbered change of a task of one owner; `task` is the task as it is now, `null` if it is gone. */
export interface TaskChange {
  id: number;
  kind: TaskChangeKind;
  taskId: number;
  task: Task | null;
}

/** What happened after a number that a listener knows. */
export interface Progress {
  /** The newest number of the owner, 0 without any change. */
  newest: number;
  /** The next changes, oldest first; at most 100, so there may be more. */
  changes: readonly TaskChange[];
  /** Whether the number is not one to go on from: what followed it is no longer kept, or it is ahead of the newest. */
  lost: boolean;
}

/**
 * Numbers a change and writes it down, in the transaction of the change itself. Writes of one owner happen one after
 * another, so the numbers have no gap.
 */
export async function recordChange(
  mine: Writer,
  kind: TaskChangeKind,
  taskId: number,
  changedAt: string,
): Promise<void> {
  const id = (await newestChange(mine)) + 1;
  await mine.insert("task_changes", { id, task_id: taskId, kind, changed_at: changedAt }).execute();
  if (id > keptChanges) {
    await mine
      .delete("task_changes")
      .where("id", "<=", id - keptChanges)
      .execute();
  }
}

/** The number of the owner's newest change, 0 without any. */
export async function newestChange(mine: Reader): Promise<number> {
  const { newest } = await mine
    .select("task_changes")
    .select((row) => row.fn.max<number | null>("id").as("newest"))
    .executeTakeFirstOrThrow();
  return newest ?? 0;
}

/** What happened after the change with this number. */
export async function progressAfter(mine: Reader, known: number): Promise<Progress> {
  const newest = await newestChange(mine);
  if (newest <= known) return { newest, changes: [], lost: newest < known };
  const rows = await mine
    .select("task_changes")
    .select(["id", "kind", "task_id"])
    .where("id", ">", known)
    .orderBy("id")
    .limit(pageSize)
    .execute();
  if (rows[0]?.id !== known + 1) return { newest, changes: [], lost: true };
  const tasks = await mine
    .select("tasks")
    .selectAll()
    .where("id", "in", [...new Set(rows.map((row) => row.task_id))])
    .execute();
  const taskOf = new Map(tasks.map((row) => [row.id, toTask(row)]));
  const changes = rows.map(({ id, kind, task_id }) => ({
    id,
    kind,
    taskId: task_id,
    task: taskOf.get(task_id) ?? null,
  }));
  return { newest, changes, lost: false };
}
