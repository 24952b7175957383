import { createHash, hkdfSync } from "node:crypto";

export { checkKey, checkSecret } from "./key-strength.ts";

const derivationInfo = "watchword/api-token/v1";
const keyBytes = 32;
const keyIdCharacters = 16;

/**
 * The key that signs API tokens, derived from `BETTER_AUTH_SECRET` so that it opens nothing else: HKDF-SHA-256
 * (RFC 5869) over the secret's UTF-8 bytes, empty salt.
 *
 * @returns 43 characters of base64url; their ASCII bytes are the HMAC key. This text is `WATCHWORD_KEY`.
 */
export function deriveKey(secret: string): string {
  const bytes = hkdfSync("sha256", Buffer.from(secret, "utf8"), "", derivationInfo, keyBytes);
  return Buffer.from(bytes).toString("base64url");
}

/** The `kid` of a key: the first 16 base64url characters of SHA-256 over the key's text. */
export function computeKeyId(key: string): string {
  return createHash("sha256").update(key, "utf8").digest("base64url").slice(0, keyIdCharacters);
}
