import type { Clock } from "countersign";
import { type Expression, type SqlBool, sql } from "kysely";
import type { Database } from "../database/open.ts";
import type { TaskRow } from "../database/tables.ts";
import { timestamp } from "../timestamp.ts";
import type { Task, TaskCreate, TaskList, TaskQuery, TaskUpdate } from "./schemas.ts";

/** The tasks of one owner. No statement in here can reach a row of anyone else. */
export type OwnedTasks = ReturnType<typeof tasksOf>;

/**
 * The only way to the tasks table: everything below carries the owner.
 *
 * @param owner the `sub` of the verified token.
 */
export function tasksOf(database: Database, owner: string, clock: Clock) {
  const owned = () => database.selectFrom("tasks").where("user_id", "=", owner);

  return {
    async list(query: TaskQuery): Promise<TaskList> {
      const matching = owned().where(filter(query));
      const descending = query.sort.startsWith("-");
      const column = query.sort.replace("-", "") as "created_at" | "updated_at" | "title";
      const direction = descending ? "desc" : "asc";
      const { total } = await matching
        .select((build) => build.fn.countAll<number>().as("total"))
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
      const row = await owned().selectAll().where("id", "=", id).executeTakeFirst();
      return row && toTask(row);
    },

    async create(values: TaskCreate): Promise<Task> {
      const now = timestamp(clock);
      const row = await database
        .insertInto("tasks")
        .values({
          user_id: owner,
          title: values.title,
          description: values.description ?? null,
          completed: Number(values.completed),
          created_at: now,
          updated_at: now,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return toTask(row);
    },

    /** Sets the members given, adds one to `version` and moves `updated_at`. */
    async change(id: number, values: TaskUpdate): Promise<Task> {
      const { title, description, completed } = values;
      const row = await database
        .updateTable("tasks")
        .set((build) => ({
          ...(title === undefined ? {} : { title }),
          ...(description === undefined ? {} : { description }),
          ...(completed === undefined ? {} : { completed: Number(completed) }),
          version: build("version", "+", 1),
          updated_at: timestamp(clock),
        }))
        .where("user_id", "=", owner)
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return toTask(row);
    },

    async remove(id: number): Promise<void> {
      await database.deleteFrom("tasks").where("user_id", "=", owner).where("id", "=", id).execute();
    },
  };
}

/** SQLite's `lower` folds ASCII only, which is exactly the contract's search. */
function filter({ completed, q }: TaskQuery): Expression<SqlBool> {
  const byState = completed === undefined ? sql<SqlBool>`1` : sql<SqlBool>`completed = ${Number(completed)}`;
  if (q === undefined || q === "") return byState;
  return sql<SqlBool>`${byState} and (
    instr(lower(title), lower(${q})) > 0 or instr(lower(coalesce(description, '')), lower(${q})) > 0
  )`;
}

function toTask(row: TaskRow): Task {
  return {
    id: row.id,
    user_id: row.user_id,
    title: row.title,
    description: row.description,
    completed: row.completed === 1,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
