import { timingSafeEqual } from "node:crypto";
import { hmacSha256, type Mac } from "../../core/hmac.ts";

/** Characters of an HMAC-SHA-256 in padded base64. */
const macCharacters = 44;
const sessionTokens = /^[\x21-\x7e]+$/;
let lastSecret: { secret: string; mac: Mac } | undefined;

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
  if (lastSecret?.secret !== secret) lastSecret = { secret, mac: hmacSha256(Buffer.from(secret), "base64") };
  return timingSafeEqual(signature, Buffer.from(lastSecret.mac(value), "latin1")) ? value : undefined;
}
