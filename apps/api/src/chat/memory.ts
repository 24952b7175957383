import { z } from "@hono/zod-openapi";

const taskId = z.int().min(1);

/** What the assistant asked last and waits for. */
const Question = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("choose"),
    operation: z.enum(["complete", "reopen", "delete", "rename"]),
    tasks: z.array(taskId),
    /** The new title, for `rename`. */
    title: z.string().nullable(),
  }),
  z.object({ kind: z.literal("confirm_delete"), tasks: z.array(taskId) }),
]);
export type Question = z.output<typeof Question>;

const MemoryRecord = z.object({ question: Question.nullable(), mentioned: taskId.nullable() });

/** What a conversation keeps between two messages; `mentioned` is the task that "it" stands for. */
export type Memory = z.output<typeof MemoryRecord>;

export const emptyMemory: Memory = { question: null, mentioned: null };

/** Reads what {@link storedMemory} wrote; anything else is no memory. */
export function readMemory(stored: string | null): Memory {
  if (stored === null) return emptyMemory;
  try {
    return MemoryRecord.parse(JSON.parse(stored));
  } catch {
    return emptyMemory;
  }
}

/** The memory as the conversation's row keeps it; null when there is nothing to keep. */
export function storedMemory(memory: Memory): string | null {
  return memory.question === null && memory.mentioned === null ? null : JSON.stringify(memory);
}
