import { z } from "@hono/zod-openapi";
import { readJsonDocument } from "../http/json-document.ts";
import type { Command } from "./command.ts";
import type { ModelSetting } from "./model-setting.ts";
import { commandOfCall, modelTools } from "./model-tools.ts";
import { cut } from "./words.ts";

/** One message of a conversation, as a model reads it. */
export interface ModelMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** What a model wants: operations, or to say something; or why it can have neither. */
export type Proposal =
  | { readonly kind: "commands"; readonly commands: readonly Command[] }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "failure"; readonly failure: "silent" | "refused" | "unusable" };

export type AskModel = (messages: readonly ModelMessage[]) => Promise<Proposal>;

/** Bounds of one question to the model. Held against `contract/defaults.json`. */
export const modelBounds = {
  timeoutSeconds: 20,
  maxBytes: 262_144,
  maxToolCalls: 20,
  maxTextCharacters: 20_000,
} as const;

const toolCall = z.object({
  type: z.literal("function"),
  function: z.object({ name: z.string(), arguments: z.string() }),
});
const completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z.array(toolCall).max(modelBounds.maxToolCalls).nullish(),
        }),
      }),
    )
    .min(1),
});

const failed = (failure: "silent" | "refused" | "unusable"): Proposal => ({ kind: "failure", failure });

/**
 * Asks the model once, without following redirects. Whatever it answers is taken for untrusted input; nothing is thrown.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export function askModelAt(
  { baseUrl, key, model }: ModelSetting,
  timeoutSeconds: number = modelBounds.timeoutSeconds,
): AskModel {
  return async (messages) => {
    const body = JSON.stringify({ model, messages, tools: modelTools, tool_choice: "auto" });
    try {
      const response = await fetch(`${baseUrl}/chat/completions`, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${key}`,
          "Content-Type": "application/json",
          Accept: "application/json",
        },
        body,
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        return failed("refused");
      }
      const bytes = await readBounded(response);
      return bytes === null ? failed("unusable") : proposalIn(bytes);
    } catch {
      return failed("silent");
    }
  };
}

/** What the body of an answer proposes. */
export function proposalIn(bytes: Uint8Array): Proposal {
  const parsed = completion.safeParse(readJsonDocument(bytes)?.value);
  const message = parsed.data?.choices[0]?.message;
  if (message === undefined) return failed("unusable");
  if (message.refusal) return failed("refused");
  const calls = message.tool_calls ?? [];
  if (calls.length > 0) return proposalOf(calls);
  const text = cut(message.content ?? "", modelBounds.maxTextCharacters);
  const isSayable = /[^ \t\n\r]/.test(text) && !/[\0\p{Surrogate}]/u.test(text);
  return isSayable ? { kind: "text", text } : failed("unusable");
}

/** All calls or none. What is deleted is deleted last and together, so that several deletions are asked about. */
function proposalOf(calls: readonly z.output<typeof toolCall>[]): Proposal {
  const commands: Command[] = [];
  const deleted: number[] = [];
  for (const { function: called } of calls) {
    const command = commandOfCall(called.name, called.arguments);
    if (command === null) return failed("unusable");
    if (command.kind === "delete" && command.which.by === "numbers") deleted.push(...command.which.numbers);
    else commands.push(command);
  }
  const numbers = [...new Set(deleted)];
  if (numbers.length > 0) commands.push({ kind: "delete", which: { by: "numbers", numbers } });
  return { kind: "commands", commands };
}

/** The body, or null when it is too long. */
async function readBounded(response: Response): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > modelBounds.maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
