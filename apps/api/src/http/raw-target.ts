/**
 * The request target as the client sent it, before any library has normalised it (contract, HTTP rule 1). A path that
 * two parsers could read differently names nothing.
 */

const maxPathBytes = 8192;
const absoluteForm = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reduces a raw target to path and query in ASCII (bytes beyond ASCII are percent-encoded).
 *
 * @param target the target as Node gives it: one character per byte.
 * @returns the reduced target, or null when it must be answered with 404.
 * @see RFC 9112 section 3.2
 */
export function reduceTarget(target: string): string | null {
  const [originForm = ""] = target.replace(absoluteForm, "").split("#", 1);
  const queryStart = originForm.indexOf("?");
  const path = (queryStart < 0 ? originForm : originForm.slice(0, queryStart)) || "/";
  const query = queryStart < 0 ? "" : originForm.slice(queryStart);
  if (!path.startsWith("/") || path.length > maxPathBytes || isAmbiguous(path)) return null;
  return encodeBytes(path) + encodeBytes(query);
}

function isAmbiguous(path: string): boolean {
  if (path.includes("//") || path.includes("\\")) return true;
  if (/%2f|%5c/i.test(path) || /%(?![0-9A-Fa-f]{2})/.test(path)) return true;
  const decoded = decodePath(path);
  return decoded === null || hasControlCharacter(decoded) || hasDotSegment(decoded);
}

function decodePath(path: string): string | null {
  const bytes = path.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  try {
    return utf8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return null;
  }
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character < " " || character === "\u007f");
}

function hasDotSegment(path: string): boolean {
  return path.split("/").some((segment) => segment === "." || segment === "..");
}

function encodeBytes(text: string): string {
  return text.replace(
    /[\u0080-\u00ff]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}
