/** What each claim says, in a few words. */
export const claimMeanings: Readonly<Record<string, string>> = {
  iss: "Who issued it: this app",
  aud: "Who it is for: the API",
  sub: "Who it is about: your user id",
  iat: "When it was issued",
  nbf: "From when on it is good",
  exp: "When it ends",
  jti: "The id of this one token",
  sid: "The session it came from",
  email: "Your e-mail address",
  name: "Your name",
  role: "Your role",
  scope: "What it allows",
};

export const timeClaims: ReadonlySet<string> = new Set(["iat", "nbf", "exp"]);

/** What each member of the header says, in a few words. */
export function headerMeanings(header: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return {
    alg: algorithms[String(header["alg"])] ?? "How it was signed",
    kid: "Which key signed it: a fingerprint, not the key",
    typ: header["typ"] === "at+jwt" ? "An access token (RFC 9068), nothing else" : "What kind of token it is",
  };
}

const algorithms: Readonly<Record<string, string>> = {
  HS256: "HMAC with SHA-256: one key signs and verifies",
  EdDSA: "Ed25519: a private key signs, its public key verifies",
  ES256: "ECDSA on P-256: a private key signs, its public key verifies",
  RS256: "RSA with SHA-256: a private key signs, its public key verifies",
  PS256: "RSA-PSS with SHA-256: a private key signs, its public key verifies",
};

/** Which family of keys signed the token, and what follows from it. */
export function keyFamily(header: Readonly<Record<string, unknown>>): string {
  return header["alg"] === "HS256"
    ? "A shared key signed it: the web app and the API each hold the same one, derived from their common secret, and nobody else does."
    : "A private key signed it, which only the web app holds. The API verifies with the public key, which it may show to anyone.";
}
