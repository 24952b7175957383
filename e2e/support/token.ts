import { createHash, createHmac, hkdfSync, randomUUID } from "node:crypto";
import { mintToken } from "watchword/testing";

/** Who issues and for whom: what the issuer and the API are configured with, and the secret that they share. */
export interface Realm {
  readonly issuer: string;
  readonly audience: string;
  readonly secret: string;
}

export type Claims = Readonly<Record<string, unknown>>;

/** The signing key of one audience: 43 characters (contract/README.md, "Key"). */
export function derivedKey({ secret, audience }: Pick<Realm, "secret" | "audience">): string {
  const bytes = hkdfSync(
    "sha256",
    Buffer.from(secret, "utf8"),
    Buffer.alloc(0),
    `watchword/api-token/v1\0${audience}`,
    32,
  );
  return Buffer.from(bytes).toString("base64url");
}

/** The `kid` of a signing key: 16 characters. */
export function keyIdOf(key: string): string {
  return createHash("sha256").update(key, "ascii").digest("base64url").slice(0, 16);
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** The header of a good token. */
export function goodHeader(realm: Realm): Claims {
  return { alg: "HS256", kid: keyIdOf(derivedKey(realm)), typ: "at+jwt" };
}

/** The claims of a good token that lives 15 minutes from now. */
export function goodClaims(realm: Realm, subject: string): Claims {
  const now = nowSeconds();
  return {
    iss: realm.issuer,
    aud: realm.audience,
    sub: subject,
    iat: now,
    exp: now + 900,
    jti: randomUUID(),
    sid: randomUUID(),
  };
}

function segment(content: Claims | string | Uint8Array): string {
  if (content instanceof Uint8Array) return Buffer.from(content).toString("base64url");
  return Buffer.from(typeof content === "string" ? content : JSON.stringify(content), "utf8").toString(
    "base64url",
  );
}

/** What a forged token is made of. A member that is `undefined` is left out; text and bytes go in as they are. */
export interface TokenParts {
  readonly header?: Claims | string | Uint8Array;
  readonly payload?: Claims | string | Uint8Array;
  /** The HMAC key's text; the key derived from the realm's secret when absent. */
  readonly key?: string;
  readonly hash?: "sha256" | "sha384" | "sha512";
}

/** A compact JWS from parts of which each may be wrong on purpose; the signature is right for the given key. */
export function tokenOf(realm: Realm, parts: TokenParts): string {
  const input = `${segment(parts.header ?? goodHeader(realm))}.${segment(parts.payload ?? goodClaims(realm, "nobody"))}`;
  const key = Buffer.from(parts.key ?? derivedKey(realm), "utf8");
  return `${input}.${createHmac(parts.hash ?? "sha256", key)
    .update(input)
    .digest("base64url")}`;
}

/** A good token of a user, with claims added or, where they are `undefined`, left out. */
export function tokenFor(realm: Realm, subject: string, claims: Claims = {}): string {
  const { issuer, audience } = realm;
  return mintToken({ iss: issuer, aud: audience, sub: subject, ...claims, key: derivedKey(realm) });
}
