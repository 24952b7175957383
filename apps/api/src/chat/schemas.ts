import { z } from "@hono/zod-openapi";
import type { ViolationCode } from "../http/api-problem.ts";
import { notBlank, text, timestampText } from "../http/fields.ts";
import { page, pageOf } from "../http/page.ts";
import { Task } from "../tasks/schemas.ts";

const maxId = 999_999_999;
const id = () => z.int().min(1);
const content = () => z.string().openapi({ minLength: 1, maxLength: 20_000 });

/** What a caller says; `conversation_id` continues a conversation. */
export const ChatRequest = z
  .object({
    message: text({ minCharacters: 1, maxCharacters: 2000, pattern: notBlank }),
    conversation_id: conversationNumber().optional(),
  })
  .openapi("ChatRequest");
export type ChatRequest = z.output<typeof ChatRequest>;

/** What the assistant answers, and the tasks that it speaks of. */
export const ChatAnswer = z
  .object({ conversation_id: id(), message: content(), tasks: z.array(Task) })
  .openapi("ChatAnswer");
export type ChatAnswer = z.output<typeof ChatAnswer>;

const conversation = {
  id: id(),
  title: z.string().openapi({ minLength: 1, maxLength: 80 }),
  created_at: timestampText(),
  updated_at: timestampText(),
};

/** A conversation without its messages. */
export const Conversation = z.object(conversation).openapi("Conversation");
export type Conversation = z.output<typeof Conversation>;

export const ConversationList = pageOf(Conversation).openapi("ConversationList");
export type ConversationList = z.output<typeof ConversationList>;

const Message = z
  .object({ id: id(), role: z.enum(["user", "assistant"]), content: content(), created_at: timestampText() })
  .openapi("Message");

/** A conversation with its messages, the oldest first. */
export const ConversationDetail = z
  .object({ ...conversation, messages: z.array(Message) })
  .openapi("ConversationDetail");
export type ConversationDetail = z.output<typeof ConversationDetail>;

export const ConversationQuery = z.object(page);
export type ConversationQuery = z.output<typeof ConversationQuery>;

/** A JSON number without a fraction, inside the bounds of row ids; or null. */
function conversationNumber() {
  return z
    .number()
    .superRefine((value, context) => {
      const violation = numberFault(value);
      if (violation !== null) context.addIssue({ code: "custom", params: { violation } });
    })
    .nullable()
    .openapi({ type: ["integer", "null"], minimum: 1, maximum: maxId });
}

function numberFault(value: number): ViolationCode | null {
  if (!Number.isInteger(value)) return "invalid_type";
  if (value < 1) return "too_small";
  return value > maxId ? "too_big" : null;
}
