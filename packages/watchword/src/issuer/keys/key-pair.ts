import {
  constants,
  createHash,
  createPrivateKey,
  generateKeyPair,
  type JsonWebKeyInput,
  type KeyObject,
  sign,
} from "node:crypto";
import { promisify } from "node:util";
import { encodeBase64url } from "../../encoding/base64url.ts";
import { tokenType } from "../../token/jws.ts";
import type { SigningAlgorithm } from "./key-options.ts";

/** Newer types for Node export no `JsonWebKey` of their own. */
type JsonWebKey = JsonWebKeyInput["key"];

/** Bits of a new RSA key. */
export const rsaBits = 3072;
/** Bytes of salt under PS256: those of SHA-256 (RFC 7518 §3.5). */
const saltLength = 32;

/** A public key as it is published (RFC 7517 §4): nothing private in it. */
export type PublishedKey = Readonly<JsonWebKey & { kid: string; alg: SigningAlgorithm; use: "sig" }>;

/** A new key pair. */
export interface KeyPair {
  readonly published: PublishedKey;
  /** The private key as JWK: a secret. */
  readonly privateJwk: JsonWebKey;
}

const generate = promisify(generateKeyPair) as (
  type: string,
  options: object,
) => Promise<{ publicKey: KeyObject; privateKey: KeyObject }>;

/** A new key pair for the algorithm. Its `kid` is the thumbprint of RFC 7638. */
export async function createKeyPair(algorithm: SigningAlgorithm): Promise<KeyPair> {
  const { publicKey, privateKey } = await generateFor(algorithm);
  const jwk = publicKey.export({ format: "jwk" });
  return {
    published: { ...jwk, kid: thumbprint(jwk), alg: algorithm, use: "sig" },
    privateJwk: privateKey.export({ format: "jwk" }),
  };
}

function generateFor(algorithm: SigningAlgorithm) {
  switch (algorithm) {
    case "EdDSA":
      return generate("ed25519", {});
    case "ES256":
      return generate("ec", { namedCurve: "P-256" });
    default:
      return generate("rsa", { modulusLength: rsaBits });
  }
}

/** RFC 7638 §3: the required members in the order of their names. */
function thumbprint({ kty, crv, x, y, n, e }: JsonWebKey): string {
  const members = kty === "RSA" ? { e, kty, n } : kty === "EC" ? { crv, kty, x, y } : { crv, kty, x };
  return createHash("sha256").update(JSON.stringify(members)).digest("base64url");
}

/** A private key that is ready to sign. */
export function importPrivateKey(jwk: JsonWebKey): KeyObject {
  return createPrivateKey({ key: jwk, format: "jwk" });
}

/** A compact JWS (RFC 7515 §3.1, RFC 7518 §3, RFC 8037 §3.1) with the header `{ alg, kid, typ: "at+jwt" }`. */
export function signWithPrivateKey(
  { kid, alg }: PublishedKey,
  key: KeyObject,
  payload: Readonly<Record<string, unknown>>,
): string {
  const header = JSON.stringify({ alg, kid, typ: tokenType });
  const input = `${encodeBase64url(header)}.${encodeBase64url(JSON.stringify(payload))}`;
  return `${input}.${signature(alg, key, Buffer.from(input, "latin1")).toString("base64url")}`;
}

function signature(algorithm: SigningAlgorithm, key: KeyObject, input: Buffer): Buffer {
  switch (algorithm) {
    case "EdDSA":
      return sign(null, input, key);
    case "ES256":
      return sign("sha256", input, { key, dsaEncoding: "ieee-p1363" });
    case "RS256":
      return sign("sha256", input, key);
    case "PS256":
      return sign("sha256", input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
  }
}
