import { sql } from "kysely";
import type { Clock } from "watchword";
import type { Reader, Writer } from "../database/owned.ts";
import { timestamp } from "../timestamp.ts";
import { recordChange } from "./changes.ts";
import {
  type Task,
  type TaskCreate,
  type TaskList,
  type TaskQuery,
  type TaskUpdate,
  toTask,
} from "./schemas.ts";

/** The tasks of one owner, to read. */
export type OwnedTasks = ReturnType<typeof tasksIn>;
/** The tasks of one owner, to read and to change. */
export type ChangeableTasks = ReturnType<typeof changeableTasksIn>;

/** @param mine statements of the owner's transaction: none in here can reach a row of anyone else. */
export function tasksIn(mine: Reader) {
  return {
    async list(query: TaskQuery): Promise<TaskList> {
      const matching = matchingIn(mine, query);
      const column = query.sort.replace("-", "") as "created_at" | "updated_at" | "title";
      const direction = query.sort.startsWith("-") ? "desc" : "asc";
      const { total } = await matching
        .select((row) => row.cast<number>(row.fn.countAll(), "integer").as("total"))
        .executeTakeFirstOrThrow();
      const rows = await matching
        .selectAll()
        .orderBy(column, direction)
        .orderBy("id", direction)
        .limit(query.limit)
        .offset(query.offset)
        .execute();
      return { items: rows.map(toTask), total, limit: query.limit, offset: query.offset };
    },

    async find(id: number): Promise<Task | undefined> {
      const row = await mine.select("tasks").selectAll().where("id", "=", id).executeTakeFirst();
      return row && toTask(row);
    },
  };
}

/** As {@link tasksIn}; each change is recorded for live listeners in the same transaction. */
export function changeableTasksIn(mine: Writer, clock: Clock) {
  return {
    ...tasksIn(mine),

    async create(values: TaskCreate): Promise<Task> {
      const now = timestamp(clock);
      const row = await mine
        .insert("tasks", {
          title: values.title,
          description: values.description ?? null,
          completed: Number(values.completed),
          created_at: now,
          updated_at: now,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await recordChange(mine, "created", row.id, now);
      return toTask(row);
    },

    /** Sets the members given, adds one to `version` and moves `updated_at`. */
    async change(id: number, values: TaskUpdate): Promise<Task> {
      const { title, description, completed } = values;
      const now = timestamp(clock);
      const row = await mine
        .update("tasks")
        .set((task) => ({
          ...(title === undefined ? {} : { title }),
          ...(description === undefined ? {} : { description }),
          ...(completed === undefined ? {} : { completed: Number(completed) }),
          version: task("version", "+", 1),
          updated_at: now,
        }))
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow();
      await recordChange(mine, "updated", row.id, now);
      return toTask(row);
    },

    async remove(id: number): Promise<void> {
      await mine.delete("tasks").where("id", "=", id).execute();
      await recordChange(mine, "deleted", id, timestamp(clock));
    },
  };
}

function matchingIn(mine: Reader, { completed, q }: TaskQuery) {
  const pattern = containing(q ?? "");
  return mine
    .select("tasks")
    .$if(completed !== undefined, (tasks) => tasks.where("completed", "=", Number(completed)))
    .$if(q !== undefined && q !== "", (tasks) =>
      tasks.where((row) =>
        row.or([
          sql<boolean>`lower(${row.ref("title")}) like ${pattern} escape '\\'`,
          sql<boolean>`lower(${row.ref("description")}) like ${pattern} escape '\\'`,
        ]),
      ),
    );
}

/** The search folds ASCII letters only, as `lower` of both stores does in these columns. */
function containing(text: string): string {
  const folded = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return `%${folded.replace(/[\\%_]/g, "\\$&")}%`;
}
