/** A JSON object as it was sent. {@link parseJsonObject} gives it no prototype: a member is there or it is not. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** BOM kept, so that the JSON grammar refuses it; bytes that are not UTF-8 throw. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads one JSON object strictly: UTF-8 without BOM, no member twice at any level (RFC 7515 §4, RFC 8725 §2.4), no
 * unpaired surrogate (RFC 8259 §8.2), at most `maxDepth` levels, the object itself being the first.
 *
 * @returns `undefined` for anything else; it never throws.
 */
export function parseJsonObject(bytes: Uint8Array, maxDepth: number): JsonObject | undefined {
  try {
    const text = utf8.decode(bytes);
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && isUnambiguous(text, maxDepth)
      ? Object.setPrototypeOf(value, null)
      : undefined;
  } catch {
    return undefined;
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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

function isName(text: string, afterString: number): boolean {
  let index = afterString;
  while (" \t\n\r".includes(text[index] ?? ":")) index += 1;
  return text[index] === ":";
}
