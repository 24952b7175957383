/**
 * The request target as the client sent it, before any library has normalised it (contract, HTTP rule 1). A path that
 * two parsers could read differently names nothing.
 */

const maxPathBytes = 8192;
const absoluteForm = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/;

/**
 * Reduces a raw target to path and query.
 *
 * @param target the target as Node gives it: one character per byte. Node's parser lets ASCII alone through.
 * @returns the reduced target, or null when it must be answered with 404.
 * @see RFC 9112 section 3.2
 */
export function reduceTarget(target: string): string | null {
  const [originForm = ""] = target.replace(absoluteForm, "").split("#", 1);
  const queryStart = originForm.indexOf("?");
  const path = (queryStart < 0 ? originForm : originForm.slice(0, queryStart)) || "/";
  const query = queryStart < 0 ? "" : originForm.slice(queryStart);
  if (!path.startsWith("/") || isAmbiguous(path)) return null;
  const routed = withoutSlashAtTheEnd(path);
  return routed.length > maxPathBytes ? null : routed + query;
}

/** A redirect would lose the Authorization field in browsers, so both spellings are one route. */
function withoutSlashAtTheEnd(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}

function isAmbiguous(path: string): boolean {
  if (/[^\x21-\x7e]/.test(path)) return true;
  if (path.includes("//") || path.includes("\\")) return true;
  if (/%2f|%5c/i.test(path)) return true;
  const decoded = decodePath(path);
  return decoded === null || hasControlCharacter(decoded) || hasDotSegment(decoded);
}

/** Null for a malformed percent escape and for bytes that are not UTF-8. */
function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(path);
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
