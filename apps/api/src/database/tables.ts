import type { Generated } from "kysely";

/** The tables of contract/schema as Kysely sees them: column names and types as stored, the same on both stores. */

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

/** One conversation with the assistant; `pending` is what it asked last, as JSON. */
export interface ConversationRow {
  id: number;
  user_id: string;
  title: string;
  pending: string | null;
  created_at: string;
  updated_at: string;
}

export interface MessageRow {
  id: number;
  user_id: string;
  conversation_id: number;
  role: "user" | "assistant";
  content: string;
  created_at: string;
}

/** `is_private` is 0 or 1. */
export interface PostRow {
  id: number;
  user_id: string;
  title: string;
  body: string;
  is_private: number;
  created_at: string;
  updated_at: string;
}

export type TaskChangeKind = "created" | "updated" | "deleted";

/** What happened to one task; `id` counts the changes of one user from 1. */
export interface TaskChangeRow {
  user_id: string;
  id: number;
  task_id: number;
  kind: TaskChangeKind;
  changed_at: string;
}

/** A row whose columns named here are filled in by the database when it is made. */
type Filled<Row, Column extends keyof Row> = Omit<Row, Column> & { [Name in Column]: Generated<Row[Name]> };

export interface Tables {
  tasks: Filled<TaskRow, "id" | "version">;
  profiles: ProfileRow;
  conversations: Filled<ConversationRow, "id">;
  messages: Filled<MessageRow, "id">;
  posts: Filled<PostRow, "id">;
  task_changes: TaskChangeRow;
}
