/** A JSON object as it was sent: it inherits no member that some other code gave to all objects. */
export type JsonObject = Readonly<Record<string, unknown>>;

const quotationMark = 0x22;
const colon = 0x3a;

/**
 * Reads one JSON object strictly: no BOM, no member twice at any level (RFC 7515 §4, RFC 8725 §2.4), no unpaired
 * surrogate (RFC 8259 §8.2), at most `maxDepth` levels, the object itself being the first.
 *
 * @param text as {@link readUtf8} gives it.
 * @returns `undefined` for anything else; it never throws.
 */
export function parseJsonObject(text: string | undefined, maxDepth: number): JsonObject | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) &&
      (isPlainlyUnambiguous(text, value, maxDepth) || isUnambiguous(text, maxDepth))
      ? withoutInheritance(value)
      : undefined;
  } catch {
    return undefined;
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Losing the prototype costs as much as half of the parsing, so it is lost only where it would do harm. */
function withoutInheritance(value: JsonObject): JsonObject {
  return Object.keys(Object.prototype).length === 0 ? value : Object.setPrototypeOf(value, null);
}

/**
 * The quick way for the usual texts, in which nothing is escaped: as many names are written as the value has members, so
 * none was written twice. `false` says nothing.
 */
function isPlainlyUnambiguous(text: string, value: JsonObject, maxDepth: number): boolean {
  return !text.includes("\\") && namesIn(text) === membersOf(value, maxDepth);
}

/**
 * How many strings of a JSON text without escapes are names: every name is followed by a colon, and looking for colons
 * alone is twice as quick as reading the strings. One at the start of a string is counted too, which says nothing; not a
 * number when white space stands before one.
 */
function namesIn(text: string): number {
  let names = 0;
  for (let index = text.indexOf(":"); index >= 0; index = text.indexOf(":", index + 1)) {
    const before = text.charCodeAt(index - 1);
    if (before === quotationMark) names += 1;
    if (isWhiteSpace(before)) return Number.NaN;
  }
  return names;
}

/** How many members the objects of a value have; not a number when it has too many levels. */
function membersOf(value: object, levels: number): number {
  if (levels < 1) return Number.NaN;
  const members: readonly unknown[] = Object.values(value);
  let count = Array.isArray(value) ? 0 : members.length;
  for (const member of members) {
    if (typeof member === "object" && member !== null) count += membersOf(member, levels - 1);
  }
  return count;
}

/** Scans a text that is known to be JSON: only strings and brackets matter then. */
function isUnambiguous(text: string, maxDepth: number): boolean {
  /** One entry per open bracket: the member names of an object so far, `null` for an array. */
  const open: (Set<string> | null)[] = [];
  let index = 0;
  while (index < text.length) {
    const character = text[index];
    if (character === '"') {
      const end = endOfString(text, index);
      const value = stringValue(text.slice(index, end));
      if (/\p{Surrogate}/u.test(value)) return false;
      const names = open.at(-1);
      if (names && isName(text, end)) {
        if (names.has(value)) return false;
        names.add(value);
      }
      index = end;
      continue;
    }
    if (character === "{" || character === "[") {
      open.push(character === "{" ? new Set() : null);
      if (open.length > maxDepth) return false;
    } else if (character === "}" || character === "]") open.pop();
    index += 1;
  }
  return true;
}

function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (text[index] !== '"') index += text[index] === "\\" ? 2 : 1;
  return index + 1;
}

function stringValue(quoted: string): string {
  return quoted.includes("\\") ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
}

/** Whether a string that ends before this index is a name: then a colon follows, perhaps after white space. */
function isName(text: string, afterString: number): boolean {
  let index = afterString;
  let character = text.charCodeAt(index);
  while (isWhiteSpace(character)) {
    index += 1;
    character = text.charCodeAt(index);
  }
  return character === colon;
}

/** RFC 8259 §2 */
function isWhiteSpace(character: number): boolean {
  return character === 0x20 || character === 0x0a || character === 0x0d || character === 0x09;
}
