const alphabet = /^[A-Za-z0-9_-]+$/;
/** Last characters whose unused bits are zero, by the length of the text modulo 4. */
const lastOfTwo = "AQgw";
const lastOfThree = "AEIMQUYcgkosw048";

/**
 * Whether the text is the only encoding of its bytes: unpadded, the URL alphabet alone, unused bits zero, not empty
 * (RFC 7515 §2, RFC 4648 §3.5).
 */
export function isCanonicalBase64url(text: string): boolean {
  if (!alphabet.test(text)) return false;
  const last = text.charAt(text.length - 1);
  switch (text.length % 4) {
    case 0:
      return true;
    case 2:
      return lastOfTwo.includes(last);
    case 3:
      return lastOfThree.includes(last);
    default:
      return false;
  }
}

/** The encoding of a text's UTF-8 bytes. */
export function encodeBase64url(text: string): string {
  return Buffer.from(text, "utf8").toString("base64url");
}

/** The bytes of a text that {@link isCanonicalBase64url} has accepted. */
export function decodeBase64url(text: string): Uint8Array {
  return Buffer.from(text, "base64url");
}
