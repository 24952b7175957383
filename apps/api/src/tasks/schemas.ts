import { z } from "@hono/zod-openapi";
import type { TaskRow } from "../database/tables.ts";
import { booleanParameter, notBlank, nullableText, text, timestampText } from "../http/fields.ts";
import { page, pageOf } from "../http/page.ts";

const title = () => text({ minCharacters: 1, maxCharacters: 200, pattern: notBlank });
const description = () => nullableText({ maxCharacters: 2000 });

export const sortOrders = [
  "created_at",
  "-created_at",
  "updated_at",
  "-updated_at",
  "title",
  "-title",
] as const;

/** A task as it is answered. */
export const Task = z
  .object({
    id: z.int().min(1),
    user_id: z.string(),
    title: title(),
    description: description(),
    completed: z.boolean(),
    version: z.int().min(1),
    created_at: timestampText(),
    updated_at: timestampText(),
  })
  .openapi("Task");
export type Task = z.output<typeof Task>;

export const TaskList = pageOf(Task).openapi("TaskList");
export type TaskList = z.output<typeof TaskList>;

export const TaskCreate = z
  .object({ title: title(), description: description().optional(), completed: z.boolean().default(false) })
  .openapi("TaskCreate");
export type TaskCreate = z.output<typeof TaskCreate>;

export const TaskUpdate = z
  .object({
    title: title().optional(),
    description: description().optional(),
    completed: z.boolean().optional(),
  })
  .openapi("TaskUpdate");
export type TaskUpdate = z.output<typeof TaskUpdate>;

export const TaskCompletion = z.object({ completed: z.boolean().optional() }).openapi("TaskCompletion");

export const TaskQuery = z.object({
  completed: booleanParameter().optional(),
  q: text({ maxCharacters: 200 }).optional(),
  sort: z.enum(sortOrders).default("-created_at"),
  ...page,
});
export type TaskQuery = z.output<typeof TaskQuery>;

/** A row as it is answered. */
export function toTask(row: TaskRow): Task {
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
