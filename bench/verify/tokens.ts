import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";

/** For tests only. */
export const secret = "T6l6XuCzyGdtFocHUHqj7U9yo7-FR1-ifEXuHrVJVhM";
export const issuer = "https://auth.example.test";
export const audience = "https://api.example.test";

export type Algorithm = "HS256" | "EdDSA" | "ES256";

const pairs = {
  EdDSA: generateKeyPairSync("ed25519"),
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
};

export function publicKeyOf(algorithm: "EdDSA" | "ES256"): KeyObject {
  return pairs[algorithm].publicKey;
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function signature(input: string, algorithm: Algorithm): string {
  if (algorithm === "HS256") return createHmac("sha256", secret).update(input).digest("base64url");
  const key = pairs[algorithm].privateKey;
  const data = Buffer.from(input);
  return (
    algorithm === "EdDSA" ? sign(null, data, key) : sign("sha256", data, { key, dsaEncoding: "ieee-p1363" })
  ).toString("base64url");
}

/** A token as the issuing plugin makes it: the claims of one user's session, good for an hour. */
export function mint(algorithm: Algorithm): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    aud: audience,
    sub: randomUUID(),
    iat: now - 1,
    exp: now + 3600,
    jti: randomUUID(),
    sid: randomUUID(),
    email: "a.user@example.test",
    name: "A User",
    role: "user",
  };
  const input = `${encoded({ alg: algorithm, kid: `${algorithm}-1`, typ: "at+jwt" })}.${encoded(claims)}`;
  return `${input}.${signature(input, algorithm)}`;
}

/** Different tokens. */
export function mintMany(algorithm: Algorithm, count: number): readonly string[] {
  return Array.from({ length: count }, () => mint(algorithm));
}
