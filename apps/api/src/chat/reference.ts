import { fillerTemplates, referenceTemplates, type State, wordsBetweenNumbers } from "./language.ts";
import { isNumber, match, matchEnd, matchStart } from "./template.ts";
import { keysOf, textOf, type Word, withoutEnds, wordsOf } from "./words.ts";

/** Which tasks are meant, before any task has been looked at. */
export type Reference =
  | { readonly by: "numbers"; readonly numbers: readonly number[] }
  /** Words of a title: all that was said, and the same without words such as "the … one". */
  | {
      readonly by: "words";
      readonly said: string;
      readonly allKeys: readonly string[];
      readonly keys: readonly string[];
    }
  | { readonly by: "state"; readonly state: State }
  | { readonly by: "about"; readonly words: string }
  | { readonly by: "mentioned" };

/** Reads the words that stand for tasks. */
export function referenceOf(words: readonly Word[]): Reference {
  const numbers = numbersOf(words);
  if (numbers.length > 0) return { by: "numbers", numbers };
  for (const { reference, state, template } of referenceTemplates) {
    const slots = match(template, words);
    if (slots === null) continue;
    if (reference === "about") return { by: "about", words: phraseOf(slots["words"] ?? []) };
    return reference === "mentioned" ? { by: "mentioned" } : { by: "state", state: state ?? "all" };
  }
  const said = withoutEnds(textOf(words));
  return { by: "words", said, allKeys: keysOf(said), keys: keysOf(textOf(withoutFillers(words))) };
}

/** What is sought in titles and descriptions, without words around it that are no part of it. */
export function phraseOf(words: readonly Word[]): string {
  return withoutEnds(textOf(withoutFillers(words)));
}

/** The numbers, each once, where nothing else was said; otherwise none. */
export function numbersOf(words: readonly Word[]): number[] {
  if (words.some(({ quoted }) => quoted !== null)) return [];
  const parts = wordsOf(words.map(({ text }) => text.replace(/[,;&+]/g, " ")).join(" "));
  const numbers = parts.filter(isNumber).map(({ key }) => Number(key.replace("#", "")));
  const isOnlyNumbers = parts.every((part) => isNumber(part) || wordsBetweenNumbers.has(part.key));
  return isOnlyNumbers ? [...new Set(numbers)] : [];
}

function withoutFillers(words: readonly Word[]): readonly Word[] {
  let kept = words;
  for (const template of fillerTemplates.before) {
    const length = matchStart(template, kept);
    if (length < kept.length) kept = kept.slice(length);
  }
  for (const template of fillerTemplates.after) {
    const length = matchEnd(template, kept);
    if (length < kept.length) kept = kept.slice(0, kept.length - length);
  }
  return kept;
}
