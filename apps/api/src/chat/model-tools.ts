import { readFileSync } from "node:fs";
import { z } from "@hono/zod-openapi";
import { readJsonDocument } from "../http/json-document.ts";
import type { Command } from "./command.ts";
import { conforms, jsonSchema } from "./json-schema.ts";

/** What a language model is told, as data that both backends read. */
const modelFile = new URL("../../../../contract/chat/model.json", import.meta.url);

const { system, tasks, tools } = z
  .object({
    system: z.string(),
    tasks: z.string(),
    tools: z.array(
      z.object({
        type: z.literal("function"),
        function: z.object({ name: z.string(), description: z.string(), parameters: jsonSchema }),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(modelFile, "utf8")));

/** The functions that are offered to the model. */
export const modelTools = tools;

/** The first message to the model: its task, and the tasks of the user as data. */
export function systemPrompt(total: number, listed: readonly object[]): string {
  const places: Record<string, string> = { total: String(total), tasks: JSON.stringify(listed) };
  return `${system}\n\n${tasks.replace(/\{(total|tasks)\}/g, (_, name: string) => places[name] ?? "")}`;
}

const schemas = new Map(tools.map(({ function: { name, parameters } }) => [name, parameters]));
const utf8 = new TextEncoder();

/** The command that a call of a function stands for; null for an unknown function or arguments that do not fit. */
export function commandOfCall(name: string, text: string): Command | null {
  const schema = schemas.get(name);
  // An unpaired surrogate would become a good character on its way to bytes.
  const document = /\p{Surrogate}/u.test(text) ? null : readJsonDocument(utf8.encode(text));
  if (schema === undefined || document === null || !conforms(document.value, schema)) return null;
  const values = document.value as {
    title: string;
    state: "open" | "done" | "all";
    about?: string;
    number: number;
    numbers: number[];
  };
  const numbers = () => ({ by: "numbers" as const, numbers: [...new Set(values.numbers)] });
  switch (name) {
    case "add_task":
      return { kind: "add", title: values.title };
    case "list_tasks":
      return { kind: "list", state: values.state, about: values.about ?? null };
    case "complete_tasks":
      return { kind: "complete", which: numbers() };
    case "reopen_tasks":
      return { kind: "reopen", which: numbers() };
    case "rename_task":
      return { kind: "rename", which: { by: "numbers", numbers: [values.number] }, title: values.title };
    case "delete_tasks":
      return { kind: "delete", which: numbers() };
    case "summarize_tasks":
      return { kind: "summary" };
    default:
      return null;
  }
}
