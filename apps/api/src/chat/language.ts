import { readFileSync } from "node:fs";
import { z } from "@hono/zod-openapi";
import { readTemplate, type Template } from "./template.ts";

/** The language of the assistant, as data that both backends read. */
const languageFile = new URL("../../../../contract/chat/language.json", import.meta.url);

const state = z.enum(["open", "done", "all"]);
export type State = z.output<typeof state>;

const says = z.array(z.string());
const document = z.object({
  classes: z.record(z.string(), z.array(z.string())),
  courtesies: z.object({ before: says, after: says }),
  commands: z.array(
    z.object({
      command: z.string(),
      state: state.optional(),
      example: z.string().optional(),
      tail: z.string().optional(),
      says,
    }),
  ),
  references: z.array(
    z.object({ reference: z.enum(["mentioned", "state", "about"]), state: state.optional(), says }),
  ),
  choices: z.array(z.object({ position: z.int(), says })),
  fillers: z.object({ before: says, after: says, between_numbers: says }),
  sentences: z.record(z.string(), z.string()),
});

const { classes, courtesies, commands, references, choices, fillers, sentences } = document.parse(
  JSON.parse(readFileSync(languageFile, "utf8")),
);

const read = (text: string): Template => readTemplate(text, classes);

/** What stands politely around a command. */
export const courtesyTemplates = {
  before: courtesies.before.map(read),
  after: courtesies.after.map(read),
};

/** Every way to say a command; the first that fits counts. */
export const commandTemplates = commands.flatMap(({ says, tail, ...command }) =>
  says
    .flatMap((text) => (tail === undefined ? [text] : [text, `${text} ${tail}`]))
    .map((text) => ({ ...command, template: read(text) })),
);

/** Ways to name tasks other than by number and by words of the title. */
export const referenceTemplates = references.flatMap(({ says, ...reference }) =>
  says.map((text) => ({ ...reference, template: read(text) })),
);

/** Answers to a question with several candidates: a position from 1, -1 for the last, 0 for all. */
export const choiceTemplates = choices.flatMap(({ position, says }) =>
  says.map((text) => ({ position, template: read(text) })),
);

/** Words around a name that are no part of it. */
export const fillerTemplates = { before: fillers.before.map(read), after: fillers.after.map(read) };
export const wordsBetweenNumbers: ReadonlySet<string> = new Set(fillers.between_numbers);

/** A sentence of the assistant with its places filled. */
export function sentence(name: string, places: Readonly<Record<string, string>> = {}): string {
  const text = sentences[name];
  if (text === undefined) throw new Error(`The language has no sentence ${name}.`);
  return text.replace(/\{([a-z]+)\}/g, (_, place: string) => places[place] ?? "");
}
