/** Reads a JSON body from its bytes, as strictly as the contract says (HTTP rule 4, RFC 8259). */

const maxDepth = 32;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @returns the document, wrapped so that the document `null` is told from a fault.
 * The result is null for bytes that are no well-formed UTF-8 or JSON, start with a byte order mark, or nest deeper
 * than 32 levels.
 */
export function readJsonDocument(bytes: Uint8Array): { value: unknown } | null {
  try {
    const text = utf8.decode(bytes);
    if (depthOf(text) > maxDepth) return null;
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

/** The deepest nesting of arrays and objects, found before the parser sees the text. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (character === "}" || character === "]") depth -= 1;
  }
  return deepest;
}
