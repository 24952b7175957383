import { createHmac, timingSafeEqual } from "node:crypto";

/** Characters of an HMAC-SHA-256 in padded base64. */
const macCharacters = 44;
const sessionTokens = /^[\x21-\x7e]+$/;

/**
 * What Better Auth has signed in a cookie: `<value>.<HMAC-SHA-256 in base64>`.
 *
 * @param text the cookie's value, percent-decoded.
 * @returns `undefined` where the signature does not hold.
 */
export function signedValue(text: string, secret: string): string | undefined {
  const dot = text.lastIndexOf(".");
  const value = text.slice(0, Math.max(0, dot));
  const signature = Buffer.from(text.slice(dot + 1));
  if (!sessionTokens.test(value) || signature.length !== macCharacters) return undefined;
  const mac = createHmac("sha256", secret).update(value).digest("base64");
  return timingSafeEqual(signature, Buffer.from(mac)) ? value : undefined;
}
