import type { Word } from "./words.ts";

type Element =
  | { readonly kind: "literal"; readonly keys: ReadonlySet<string>; readonly optional: boolean }
  | { readonly kind: "slot"; readonly name: string };

/** A way to say something: words, optional words and places for other words. */
export type Template = readonly Element[];

/** The words in the places of a template. */
export type Slots = Readonly<Record<string, readonly Word[]>>;

const number = /^#?[0-9]{1,9}$/;

/**
 * Reads a template: `a|b` is one of these words, `[a|b]` the same or nothing, `NAME` a word of that class, `{name}` one
 * or more words, `{number}` one word that is a number.
 */
export function readTemplate(text: string, classes: Readonly<Record<string, readonly string[]>>): Template {
  return text.split(" ").map((part) => {
    if (part.startsWith("{")) return { kind: "slot", name: part.slice(1, -1) };
    const optional = part.startsWith("[");
    const words = (optional ? part.slice(1, -1) : part).split("|");
    return { kind: "literal", keys: new Set(words.flatMap((word) => classes[word] ?? [word])), optional };
  });
}

/** The words in the places, if all words fit; earlier places are kept as short as can be. */
export function match(template: Template, words: readonly Word[]): Slots | null {
  return matchFrom(template, 0, words, 0);
}

/** How many of the first words fit the template, which has no places; 0 where they do not. */
export function matchStart(template: Template, words: readonly Word[]): number {
  for (let length = Math.min(template.length, words.length); length > 0; length -= 1) {
    if (match(template, words.slice(0, length)) !== null) return length;
  }
  return 0;
}

/** How many of the last words fit the template, which has no places; 0 where they do not. */
export function matchEnd(template: Template, words: readonly Word[]): number {
  for (let length = Math.min(template.length, words.length); length > 0; length -= 1) {
    if (match(template, words.slice(-length)) !== null) return length;
  }
  return 0;
}

/** Whether a word is the number of a task, such as `3` or `#3`. */
export function isNumber(word: Word): boolean {
  return word.quoted === null && number.test(word.key);
}

function matchFrom(template: Template, at: number, words: readonly Word[], from: number): Slots | null {
  const element = template[at];
  if (element === undefined) return from === words.length ? {} : null;
  if (element.kind === "slot") return matchSlot(template, at, words, from);
  const word = words[from];
  if (word !== undefined && word.quoted === null && element.keys.has(word.key)) {
    const slots = matchFrom(template, at + 1, words, from + 1);
    if (slots !== null) return slots;
  }
  return element.optional ? matchFrom(template, at + 1, words, from) : null;
}

function matchSlot(template: Template, at: number, words: readonly Word[], from: number): Slots | null {
  const element = template[at];
  const first = words[from];
  if (element?.kind !== "slot" || first === undefined) return null;
  const isLast = at === template.length - 1;
  const single = element.name === "number";
  if (single && !isNumber(first)) return null;
  const shortest = isLast && !single ? words.length : from + 1;
  const longest = single ? from + 1 : words.length;
  for (let end = shortest; end <= longest; end += 1) {
    const rest = matchFrom(template, at + 1, words, end);
    if (rest !== null) return { ...rest, [element.name]: words.slice(from, end) };
  }
  return null;
}
