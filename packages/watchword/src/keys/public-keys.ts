import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { decodeBase64url, isCanonicalBase64url } from "../encoding/base64url.ts";
import { isJsonObject, type JsonObject } from "../encoding/strict-json.ts";
import { keyAlgorithmOf, publicAlgorithms } from "./algorithms.ts";
import type { PublicVerificationKey } from "./key-set.ts";
import { isOfSmallOrder } from "./small-order.ts";

/** RSA moduli in bits: shorter ones can be factored (RFC 7518 §3.3), longer ones cost too much per token. */
const rsaBits = { min: 2048, max: 8192 };
type PublicAlgorithm = PublicVerificationKey["algorithm"];

/** Bytes of a coordinate of P-256, and of an Ed25519 key. */
const coordinateBytes = 32;

/**
 * The key in one member of a JWK set (RFC 7517 §4), bound to one algorithm: that of `alg`, or the one its type is used
 * with here. Private members are not looked at.
 *
 * @returns `undefined` for a key that cannot verify a token: it is left out, and the rest of its set stands.
 */
export function publicKey(jwk: unknown): PublicVerificationKey | undefined {
  if (!isJsonObject(jwk) || !isForSignatures(jwk)) return undefined;
  const algorithm = algorithmOf(jwk);
  const members = algorithm && publicMembers(jwk);
  const { kid } = jwk;
  if (!algorithm || !members || !(kid === undefined || typeof kid === "string")) return undefined;
  const key = keyObject(members);
  if (key === undefined || !isStrongEnough(key, members)) return undefined;
  const pem = key.export({ type: "spki", format: "pem" }).toString();
  return { algorithm, kid: kid ?? null, key, pem };
}

/** RFC 7517 §4.2, §4.3 */
function isForSignatures({ use, key_ops: operations }: JsonObject): boolean {
  const operationsFit =
    operations === undefined || (Array.isArray(operations) && operations.includes("verify"));
  return (use === undefined || use === "sig") && operationsFit;
}

function algorithmOf({ kty, crv, alg }: JsonObject): PublicAlgorithm | undefined {
  const possible = possibleAlgorithms(kty, crv);
  if (alg === undefined) return possible[0];
  const named = publicAlgorithms.find((one) => one === alg);
  return possible.find((one) => named !== undefined && one === keyAlgorithmOf(named));
}

/** What a type of key can be for; the first is meant where the key does not say. */
function possibleAlgorithms(kty: unknown, crv: unknown): readonly PublicAlgorithm[] {
  if (kty === "OKP" && crv === "Ed25519") return ["EdDSA"];
  if (kty === "EC" && crv === "P-256") return ["ES256"];
  return kty === "RSA" ? ["RS256", "PS256"] : [];
}

/** The members that make the public key (RFC 7518 §6.2.1, §6.3.1, RFC 8037 §2), each in its only encoding. */
function publicMembers({ kty, x, y, n, e }: JsonObject): JsonWebKey | undefined {
  if (kty === "RSA") return isInteger(n) && isInteger(e) ? { kty, n, e } : undefined;
  if (!isCoordinate(x)) return undefined;
  if (kty === "OKP") return isOfSmallOrder(decodeBase64url(x)) ? undefined : { kty, crv: "Ed25519", x };
  return isCoordinate(y) ? { kty: "EC", crv: "P-256", x, y } : undefined;
}

function isCoordinate(value: unknown): value is string {
  return isInteger(value) && decodeBase64url(value).length === coordinateBytes;
}

function isInteger(value: unknown): value is string {
  return typeof value === "string" && isCanonicalBase64url(value);
}

/** A point that is not on its curve has no key. */
function keyObject(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: "jwk" });
  } catch {
    return undefined;
  }
}

/** RFC 8017 §3.1: the exponent of an RSA key is less than its modulus. */
function isStrongEnough({ asymmetricKeyDetails }: KeyObject, { n }: JsonWebKey): boolean {
  if (n === undefined) return true;
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {};
  const modulus = BigInt(`0x${Buffer.from(n, "base64url").toString("hex")}`);
  const exponentFits = publicExponent >= 3n && publicExponent < modulus && publicExponent % 2n === 1n;
  return modulusLength >= rsaBits.min && modulusLength <= rsaBits.max && exponentFits;
}
