/** BOM kept, so that the JSON grammar refuses it; bytes that are not UTF-8 throw. */
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** What a lenient reader makes of bytes that are not UTF-8. */
const replacement = "\ufffd";

/** The text that the first `length` bytes are in UTF-8 (RFC 3629), a byte order mark included; `undefined` when they are not. */
export function readUtf8(bytes: Buffer, length = bytes.length): string | undefined {
  const text = bytes.toString("utf8", 0, length);
  // Without the mark of a fault there was none. The strict reader takes half as long again.
  if (!text.includes(replacement)) return text;
  try {
    return strict.decode(bytes.subarray(0, length));
  } catch {
    return undefined;
  }
}
