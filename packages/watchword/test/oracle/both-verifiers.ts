import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createLocalJWKSet, type JWTVerifyGetKey, jwtVerify } from "jose";
import { WatchwordError } from "../../src/errors.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { fixedClock } from "../../src/testing/index.ts";
import { audience, claims, encode, issuer, key, now } from "../sample-token.ts";

export { audience, claims, encode, issuer, now };

/** What signs, by the `alg` of the token. */
export const signingAlgorithms = ["HS256", "EdDSA", "ES256", "RS256", "PS256"] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const pairs = {
  EdDSA: generateKeyPairSync("ed25519"),
  ES256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  RS256: rsa(),
  PS256: rsa(),
};

const jwks = {
  keys: Object.entries(pairs).map(([alg, { publicKey }]) => ({
    ...publicKey.export({ format: "jwk" }),
    alg,
    kid: kidOf(alg),
    use: "sig",
  })),
};

/** The `kid` of the one key of an algorithm. */
export function kidOf(algorithm: string): string {
  return `key-of-${algorithm}`;
}

/** The header of a good token. */
export function headerOf(alg: SigningAlgorithm): Readonly<Record<string, unknown>> {
  return { alg, kid: kidOf(alg), typ: "at+jwt" };
}

/** Signs header and payload segments as they are. */
export function signed(headerSegment: string, payloadSegment: string, alg: SigningAlgorithm): string {
  const input = `${headerSegment}.${payloadSegment}`;
  return `${input}.${signatureOf(input, alg).toString("base64url")}`;
}

function signatureOf(input: string, alg: SigningAlgorithm): Buffer {
  if (alg === "HS256") return createHmac("sha256", key).update(input).digest();
  const data = Buffer.from(input);
  const { privateKey }: { privateKey: KeyObject } = pairs[alg];
  switch (alg) {
    case "EdDSA":
      return sign(null, data, privateKey);
    case "ES256":
      return sign("sha256", data, { key: privateKey, dsaEncoding: "ieee-p1363" });
    case "RS256":
      return sign("sha256", data, privateKey);
    case "PS256":
      return sign("sha256", data, {
        key: privateKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      });
  }
}

const verifier = createVerifier({
  issuer,
  audience,
  key: [{ key, keyId: kidOf("HS256") }],
  jwks,
  acceptedTypes: ["at+jwt"],
  clockToleranceSeconds: 0,
  clock: fixedClock(now),
});

/** What this package says: the claims, or the code with the claim that it names. */
export type Verdict =
  | { readonly claims: unknown }
  | { readonly code: string; readonly claim: string | undefined };

export async function verdictOf(token: string): Promise<Verdict> {
  try {
    return { claims: { ...(await verifier.verify(token)).claims } };
  } catch (error) {
    if (error instanceof WatchwordError) return { code: error.code, claim: error.claim };
    throw error;
  }
}

const publicKeys = createLocalJWKSet(jwks);
const keys: JWTVerifyGetKey = (header, token) => {
  if (header.alg !== "HS256") return publicKeys(header, token);
  if (header.kid !== undefined && header.kid !== kidOf("HS256")) throw new Error("no such key");
  return Buffer.from(key, "utf8");
};

/** What jose says under the same expectations: the claims, or `undefined`. */
export async function joseClaims(token: string): Promise<unknown> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [...signingAlgorithms],
      issuer,
      audience,
      typ: "at+jwt",
      currentDate: new Date(now * 1000),
      requiredClaims: ["sub", "exp", "iat"],
      maxTokenAge: 604_800,
    });
    return payload;
  } catch {
    return undefined;
  }
}
