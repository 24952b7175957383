import type { Clock } from "watchword";
import type { Reader, Writer } from "../database/owned.ts";
import type { ConversationRow } from "../database/tables.ts";
import { timestamp } from "../timestamp.ts";
import { type Memory, storedMemory } from "./memory.ts";
import type { Conversation, ConversationDetail, ConversationList, ConversationQuery } from "./schemas.ts";

/** The conversations of one owner, to read. */
export type OwnedConversations = ReturnType<typeof conversationsIn>;
/** The conversations of one owner, to read and to change. */
export type ChangeableConversations = ReturnType<typeof changeableConversationsIn>;

/** One message and its answer. */
export interface Exchange {
  message: string;
  answer: string;
  /** What the assistant keeps in mind after it. */
  memory: Memory;
}

/** @param mine statements of the owner's transaction: none in here can reach a row of anyone else. */
export function conversationsIn(mine: Reader) {
  return {
    async list({ limit, offset }: ConversationQuery): Promise<ConversationList> {
      const { total } = await mine
        .select("conversations")
        .select((row) => row.cast<number>(row.fn.countAll(), "integer").as("total"))
        .executeTakeFirstOrThrow();
      const rows = await mine
        .select("conversations")
        .selectAll()
        .orderBy("updated_at", "desc")
        .orderBy("id", "desc")
        .limit(limit)
        .offset(offset)
        .execute();
      return { items: rows.map(toConversation), total, limit, offset };
    },

    /** The row itself, with what the assistant keeps in mind. */
    async find(id: number): Promise<ConversationRow | undefined> {
      return mine.select("conversations").selectAll().where("id", "=", id).executeTakeFirst();
    },

    /** With all messages, the oldest first. */
    async detail(id: number): Promise<ConversationDetail | undefined> {
      const row = await this.find(id);
      if (row === undefined) return undefined;
      const messages = await mine
        .select("messages")
        .select(["id", "role", "content", "created_at"])
        .where("conversation_id", "=", id)
        .orderBy("id")
        .execute();
      return { ...toConversation(row), messages };
    },

    /** The last messages, the oldest of them first. */
    async history(id: number, count: number): Promise<{ role: "user" | "assistant"; content: string }[]> {
      const rows = await mine
        .select("messages")
        .select(["role", "content"])
        .where("conversation_id", "=", id)
        .orderBy("id", "desc")
        .limit(count)
        .execute();
      return rows.reverse();
    },
  };
}

/** As {@link conversationsIn}. */
export function changeableConversationsIn(mine: Writer, clock: Clock) {
  return {
    ...conversationsIn(mine),

    /** A conversation without messages. */
    async create(title: string): Promise<ConversationRow> {
      const now = timestamp(clock);
      return mine
        .insert("conversations", { title, pending: null, created_at: now, updated_at: now })
        .returningAll()
        .executeTakeFirstOrThrow();
    },

    /** Writes an exchange down and moves `updated_at`. */
    async record(id: number, { message, answer, memory }: Exchange): Promise<void> {
      const now = timestamp(clock);
      for (const [role, content] of [["user", message] as const, ["assistant", answer] as const]) {
        await mine.insert("messages", { conversation_id: id, role, content, created_at: now }).execute();
      }
      await mine
        .update("conversations")
        .set({ pending: storedMemory(memory), updated_at: now })
        .where("id", "=", id)
        .execute();
    },

    /** Removes the conversation with its messages. */
    async remove(id: number): Promise<void> {
      await mine.delete("messages").where("conversation_id", "=", id).execute();
      await mine.delete("conversations").where("id", "=", id).execute();
    },
  };
}

function toConversation({ id, title, created_at, updated_at }: ConversationRow): Conversation {
  return { id, title, created_at, updated_at };
}
