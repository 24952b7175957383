/**
 * Words of a message and of a title, the same in every backend: only explicit code points are used, never a class that
 * depends on a library's version of Unicode.
 */

/** One word, or several inside double quotes, which belong together. */
export interface Word {
  /** As it was written. */
  readonly text: string;
  /** As it is compared. */
  readonly key: string;
  /** What stands inside the quotes. */
  readonly quoted: string | null;
}

const whiteSpace = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const ends = "[.,!?;:()\"'“”„«»…¿¡]+";
const leadingEnds = new RegExp(`^${ends}`);
const trailingEnds = new RegExp(`${ends}$`);
const quoteMark = /^["“”„«»]/;
const quoteEnd = /["“”„«»][.,!?;:]*$/;
const composable = /[A-Za-z\u0370-\u04ff][\u0300-\u036f]+/g;
const invisible = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|\ufe0f/g;
const upperCase = /[A-Z\u00c0-\u00de\u0100-\u017f\u0391-\u03a9\u03c2\u0400-\u042f]/g;

/** The words of a text; double quotes hold words together. */
export function wordsOf(text: string): Word[] {
  const parts = split(text);
  const lastEnd = parts.findLastIndex((part) => quoteEnd.test(part));
  const words: Word[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? "";
    const end = index <= lastEnd && quoteMark.test(part) ? endOfQuote(parts, index) : -1;
    if (end === -1) words.push(plainWord(part));
    else {
      words.push(quotation(parts.slice(index, end + 1).join(" ")));
      index = end;
    }
  }
  return words;
}

/** The keys of the words of a title, or of something sought: what is compared. */
export function keysOf(text: string): string[] {
  return split(text)
    .map(keyOf)
    .filter((key) => key !== "");
}

/** The words as they were written; the inside of a single quotation. */
export function textOf(words: readonly Word[]): string {
  const [only, ...others] = words;
  if (only?.quoted != null && others.length === 0) return only.quoted;
  return words.map(({ text }) => text).join(" ");
}

/** A text without punctuation at its ends, unless it is nothing else. */
export function withoutEnds(text: string): string {
  const stripped = text.replace(leadingEnds, "").replace(trailingEnds, "");
  return stripped === "" ? text : stripped;
}

/** The number of code points. */
export function lengthOf(text: string): number {
  return [...text].length;
}

/** At most so many code points of a text. */
export function cut(text: string, characters: number): string {
  return [...text].slice(0, characters).join("");
}

function plainWord(text: string): Word {
  const key = keyOf(text);
  return { text, key: key === "" ? text : key, quoted: null };
}

function quotation(text: string): Word {
  return { text, key: keyOf(text), quoted: text.slice(1).replace(quoteEnd, "") };
}

/** The index of the part that ends a quotation which begins here; -1 where none does. */
function endOfQuote(parts: readonly string[], start: number): number {
  const isWhole = (parts[start] ?? "").length > 2 && quoteEnd.test((parts[start] ?? "").slice(2));
  return isWhole ? start : parts.findIndex((part, index) => index > start && quoteEnd.test(part));
}

function split(text: string): string[] {
  return text.split(whiteSpace).filter((part) => part !== "");
}

function keyOf(text: string): string {
  return folded(text).replace(leadingEnds, "").replace(trailingEnds, "");
}

/** Composed, visible, in lower case (Latin, Greek, Cyrillic), with a plain apostrophe. */
function folded(text: string): string {
  return text
    .replace(invisible, "")
    .replace(composable, (letters) => letters.normalize("NFC"))
    .replace(/[‘’ʼ]/g, "'")
    .replace(upperCase, lowerCase);
}

/** By arithmetic on code points, so that no two languages can differ. */
function lowerCase(letter: string): string {
  const code = letter.charCodeAt(0);
  return String.fromCharCode(code + distanceToLowerCase(code));
}

function distanceToLowerCase(code: number): number {
  if (code <= 0x5a) return 32;
  if (code <= 0xde) return code === 0xd7 ? 0 : 32;
  if (code <= 0x17f) return latinDistance(code);
  if (code === 0x3c2) return 1;
  if (code <= 0x3a9) return code === 0x3a2 ? 0 : 32;
  return code <= 0x40f ? 80 : 32;
}

/** Latin Extended-A: pairs of an upper and a lower case letter, even first or odd first. */
function latinDistance(code: number): number {
  if (code === 0x178) return 0xff - 0x178;
  if ([0x130, 0x131, 0x138, 0x149, 0x17f].includes(code)) return 0;
  const oddFirst = (code >= 0x139 && code <= 0x148) || code >= 0x179;
  return code % 2 === (oddFirst ? 1 : 0) ? 1 : 0;
}
