import { createHash, hkdfSync } from "node:crypto";
import { ConfigurationError } from "../errors.ts";

export { checkKey, checkSecret } from "./key-strength.ts";

const derivationInfo = "watchword/api-token/v1";
const keyBytes = 32;
const keyIdCharacters = 16;

/**
 * Derives the key of one API from `BETTER_AUTH_SECRET`: HKDF-SHA-256 (RFC 5869) over the secret's UTF-8 bytes, with an
 * empty salt. The audience is part of `info`, so the key of one API signs tokens for no other API and opens no session.
 *
 * @param audience `aud` of the API's tokens, for example `https://api.example.com`.
 * @returns 43 characters of base64url; their ASCII bytes are the HMAC key. This string is `WATCHWORD_KEY`.
 * @throws ConfigurationError when the audience is not a string or is empty.
 * @example
 * const key = deriveKey(process.env.BETTER_AUTH_SECRET, "https://api.example.com");
 */
export function deriveKey(secret: string, audience: string): string {
  if (typeof audience !== "string" || audience === "" || /\p{Surrogate}/u.test(audience)) {
    throw new ConfigurationError(
      "A key is derived for one API: give its audience, such as https://api.example.com.",
    );
  }
  if (typeof secret !== "string" || secret === "") {
    throw new ConfigurationError("A key is derived from a secret: set BETTER_AUTH_SECRET first.");
  }
  const info = Buffer.from(`${derivationInfo}\0${audience}`, "utf8");
  const bytes = hkdfSync("sha256", Buffer.from(secret, "utf8"), "", info, keyBytes);
  return Buffer.from(bytes).toString("base64url");
}

/** The `kid` of a key: the first 16 base64url characters of SHA-256 over the key's text. */
export function computeKeyId(key: string): string {
  return createHash("sha256").update(key, "utf8").digest("base64url").slice(0, keyIdCharacters);
}
