import type { UnverifiedToken } from "./decode-token.ts";

type Members = Readonly<Record<string, unknown>>;

/** The token with other members in its payload, under the signature that was made for the old ones. */
export function withPayload({ header, payload, segments }: UnverifiedToken, change: Members): string {
  return `${segment(header)}.${segment({ ...payload, ...change })}.${segments[2]}`;
}

/** The token with other members in its header, under the signature that was made for the old ones. */
export function withHeader({ header, segments }: UnverifiedToken, change: Members): string {
  return `${segment({ ...header, ...change })}.${segments[1]}.${segments[2]}`;
}

/**
 * The token's claims, signed with HS256 by a key that this page has just made up.
 * @throws TypeError where the page is not served from a secure context, and has no cryptography.
 */
export async function signedByWrongKey({ header, payload }: UnverifiedToken): Promise<string> {
  const signed = `${segment({ ...header, alg: "HS256" })}.${segment(payload)}`;
  if (crypto.subtle === undefined)
    throw new TypeError("A page can sign only when it comes by https, or from this machine.");
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.generateKey({ ...algorithm, length: 256 }, false, ["sign"]);
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(signed));
  return `${signed}.${base64url(new Uint8Array(signature))}`;
}

/**
 * A JWT of the form that Better Auth keeps a session in, when it caches sessions in a cookie of that kind. The cookie cannot
 * be read by scripts, so the signature is made up.
 */
export function sessionCacheToken({ payload }: UnverifiedToken): string {
  const { sub, sid, iat, exp, email } = payload;
  const claims = { session: { id: sid, userId: sub }, user: { id: sub, email }, iat, exp };
  const signature = base64url(crypto.getRandomValues(new Uint8Array(32)));
  return `${segment({ alg: "HS256" })}.${segment(claims)}.${signature}`;
}

function segment(members: Members): string {
  return base64url(new TextEncoder().encode(JSON.stringify(members)));
}

function base64url(bytes: Uint8Array): string {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
