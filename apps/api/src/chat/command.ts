import { choiceTemplates, commandTemplates, courtesyTemplates, type State } from "./language.ts";
import { numbersOf, phraseOf, type Reference, referenceOf } from "./reference.ts";
import { match, matchEnd, matchStart, type Slots } from "./template.ts";
import { textOf, type Word, wordsOf } from "./words.ts";

/** What a message asks for. */
export type Command =
  | { readonly kind: "add"; readonly title: string }
  /** `about` is sought in titles and descriptions. */
  | { readonly kind: "list"; readonly state: State; readonly about: string | null }
  | { readonly kind: "show"; readonly numbers: readonly number[] }
  | { readonly kind: "complete" | "reopen" | "delete"; readonly which: Reference }
  | { readonly kind: "rename"; readonly which: Reference; readonly title: string }
  | { readonly kind: "summary" }
  | { readonly kind: "incomplete"; readonly example: string }
  | { readonly kind: "help" | "greeting" | "thanks" | "yes" | "no" | "unknown" };

/** Reads a message. Anything that fits no template is `unknown`. */
export function commandOf(message: string): Command {
  const words = withoutCourtesies(wordsOf(message));
  for (const { command, state, example, template } of commandTemplates) {
    const slots = match(template, words);
    if (slots !== null) return build(command, slots, state ?? "all", example ?? "");
  }
  return { kind: "unknown" };
}

/** A position from 1, -1 for the last, 0 for all; `null` where the message chooses none. */
export function choiceOf(message: string): number | null {
  const words = withoutCourtesies(wordsOf(message));
  return choiceTemplates.find(({ template }) => match(template, words) !== null)?.position ?? null;
}

/** Tasks named by nothing but a message. */
export function namedIn(message: string): Reference {
  return referenceOf(withoutCourtesies(wordsOf(message)));
}

function build(command: string, slots: Slots, state: State, example: string): Command {
  const words = slots["words"] ?? [];
  const which = () => referenceOf(slots["task"] ?? slots["number"] ?? []);
  switch (command) {
    case "add":
      return { kind: command, title: titleOf(slots["title"] ?? []) };
    case "list":
      return { kind: command, state, about: words.length === 0 ? null : phraseOf(words) };
    case "show":
      return { kind: command, numbers: numbersOf(slots["number"] ?? []) };
    case "find": {
      const numbers = numbersOf(words);
      if (numbers.length > 0) return { kind: "show", numbers };
      return { kind: "list", state: "all", about: phraseOf(words) };
    }
    case "complete":
    case "reopen":
    case "delete":
      return { kind: command, which: which() };
    case "rename":
      return { kind: command, which: which(), title: titleOf(slots["title"] ?? []) };
    case "incomplete":
      return { kind: command, example };
    case "summary":
    case "help":
    case "greeting":
    case "thanks":
    case "yes":
    case "no":
      return { kind: command };
    default:
      throw new Error(`The language has a command ${command} that nothing carries out.`);
  }
}

/** A title as it was written, without the full stop of the sentence. */
function titleOf(words: readonly Word[]): string {
  const text = textOf(words);
  const last = words.at(-1)?.text ?? "";
  const endsSentence = words[0]?.quoted == null && last.length > 1 && last.indexOf(".") === last.length - 1;
  return endsSentence ? text.slice(0, -1) : text;
}

function withoutCourtesies(words: readonly Word[]): readonly Word[] {
  let kept = words;
  const longest = (lengths: readonly number[]) => Math.max(0, ...lengths.filter((one) => one < kept.length));
  for (let length = -1; length !== 0; kept = kept.slice(length)) {
    length = longest(courtesyTemplates.before.map((template) => matchStart(template, kept)));
  }
  const after = longest(courtesyTemplates.after.map((template) => matchEnd(template, kept)));
  return kept.slice(0, kept.length - after);
}
