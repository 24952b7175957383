import { createSecretKey } from "node:crypto";
import { WatchwordError } from "../../src/errors.ts";
import { algorithms, keyAlgorithmOf } from "../../src/keys/algorithms.ts";
import { createKeySet, type VerificationKey } from "../../src/keys/key-set.ts";
import { publicKey } from "../../src/keys/public-keys.ts";
import { checkAlgorithm, checkCritical, readKeyId } from "../../src/token/header.ts";
import { readHeader, splitSegments } from "../../src/token/jws.ts";
import { checkSignature } from "../../src/token/signature.ts";
import {
  type CookbookExample,
  type Jwk,
  type RfcExample,
  readPublic,
  type WycheproofGroup,
  type WycheproofTest,
} from "./public-files.ts";

/** One public test: what its authors expect, and whether this package accepts it. */
export interface PublicCase {
  readonly id: number | string;
  readonly upstream: "accepted" | "refused";
  readonly accepts: () => boolean;
}

const base64url = (hex: string) => Buffer.from(hex, "hex").toString("base64url");

/** Whether something is refused by a code; any other fault fails the test. */
function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof WatchwordError && error.code !== "internal_error") return false;
    throw error;
  }
}

/** The layer of single signatures: bytes, key and signature. */
function signs(key: VerificationKey | undefined, message: string, signature: string): boolean {
  if (key === undefined) throw new Error("The key of a public vector was not read.");
  // The text of a signing input is its bytes.
  const input = Buffer.from(message, "hex").toString("latin1");
  return passes(() =>
    checkSignature({ header: "", payload: "", input, signature: base64url(signature) }, key),
  );
}

/** The layer of JWS: the check order from the size to the signature, without `typ` and without claims. */
function verifies(token: string, keys: readonly VerificationKey[]): boolean {
  return passes(() => {
    const segments = splitSegments(token);
    const header = readHeader(segments, 16);
    const algorithm = checkAlgorithm(header, algorithms);
    checkCritical(header);
    const key = createKeySet(keys).find(keyAlgorithmOf(algorithm), readKeyId(header));
    if (key instanceof Promise) throw new Error("A static key is at hand.");
    checkSignature(segments, key);
  });
}

/** A symmetric key as one that the operator has configured. */
function sharedKeyOf({ alg = "HS256", k, kid = null }: Jwk): readonly VerificationKey[] {
  if (alg !== "HS256" || typeof k !== "string" || !(kid === null || typeof kid === "string")) return [];
  return [{ algorithm: "HS256", kid, key: createSecretKey(k, "base64url") }];
}

/** One key, public or configured by the operator; or a published set, in which a symmetric key never counts. */
function keysOf(given: Jwk | undefined): readonly VerificationKey[] {
  if (Array.isArray(given?.["keys"])) return given["keys"].flatMap((one) => publicKey(one) ?? []);
  return given?.["kty"] === "oct" ? sharedKeyOf(given) : [publicKey(given) ?? []].flat();
}

function wycheproof(
  path: string,
  accepts: (test: WycheproofTest, group: WycheproofGroup) => boolean,
): readonly PublicCase[] {
  return readPublic<{ testGroups: readonly WycheproofGroup[] }>(path).testGroups.flatMap((group) =>
    group.tests.map((test) => ({
      id: test.tcId,
      upstream: test.result === "valid" ? ("accepted" as const) : ("refused" as const),
      accepts: () => accepts(test, group),
    })),
  );
}

function primitive(path: string): readonly PublicCase[] {
  return wycheproof(path, ({ key, msg, tag, sig }, { publicKey: given }) => {
    if (path.includes("hmac")) {
      return signs({ algorithm: "HS256", kid: null, key: createSecretKey(key, "hex") }, msg, tag);
    }
    if (path.includes("ed25519")) {
      return signs(publicKey({ kty: "OKP", crv: "Ed25519", x: base64url(given.pk) }), msg, sig);
    }
    if (path.includes("rsa")) {
      const [n, e] = [given.modulus, given.publicExponent].map((hex) => base64url(hex.replace(/^(00)+/, "")));
      return signs(publicKey({ kty: "RSA", alg: "RS256", n, e }), msg, sig);
    }
    const [x, y] = [given.uncompressed.slice(2, 66), given.uncompressed.slice(66)].map(base64url);
    return signs(publicKey({ kty: "EC", crv: "P-256", x, y }), msg, sig);
  });
}

function cookbook(path: string): readonly PublicCase[] {
  const file = readPublic<CookbookExample>(path);
  const examples = file.sign === undefined ? { [path]: file } : { sign: file.sign, encrypt: file.encrypt };
  return Object.entries(examples).map(([id, { input, output }]) => ({
    id: id === path ? "example" : id,
    upstream: "accepted",
    accepts: () =>
      verifies(output.compact ?? JSON.stringify(output.json), [input.key].flat().flatMap(keysOf)),
  }));
}

/** The cases of one file, at the layer that they belong to. */
export function publicCases(path: string): readonly PublicCase[] {
  if (path.startsWith("rfc/")) {
    return readPublic<{ vectors: readonly RfcExample[] }>(path).vectors.map(({ id, key, jws, result }) => ({
      id,
      upstream: result === "valid" ? "accepted" : "refused",
      accepts: () => verifies(jws, key === null ? [] : keysOf(key)),
    }));
  }
  if (path.startsWith("jose-cookbook/jwk/")) {
    const accepts = () => publicKey(readPublic<Jwk>(path)) !== undefined;
    return [{ id: "key", upstream: "accepted", accepts }];
  }
  if (path.startsWith("jose-cookbook/")) return cookbook(path);
  if (!path.includes("json_web")) return primitive(path);
  return wycheproof(path, ({ jws, jwe }, group) => {
    const token = jws ?? jwe ?? "";
    return verifies(
      typeof token === "string" ? token : JSON.stringify(token),
      keysOf(group.public ?? group.private),
    );
  });
}
