import type { Generated } from "kysely";

/** The tables of contract/schema as Kysely sees them: column names and types as stored. */

/** One row is one task; `completed` is 0 or 1, timestamps are RFC 3339 text with three decimals. */
export interface TaskRow {
  id: number;
  user_id: string;
  title: string;
  description: string | null;
  completed: number;
  version: number;
  created_at: string;
  updated_at: string;
}

/** What the API knows of one user; `id` is the `sub` of the user's tokens. */
export interface ProfileRow {
  id: string;
  email: string | null;
  name: string | null;
  username: string | null;
  created_at: string;
  updated_at: string;
}

/** Columns that the database fills in when a row is made. */
type FilledTaskRow = Omit<TaskRow, "id" | "version"> & { id: Generated<number>; version: Generated<number> };

export interface Tables {
  tasks: FilledTaskRow;
  profiles: ProfileRow;
}
