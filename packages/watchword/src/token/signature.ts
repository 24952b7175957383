import {
  constants,
  createHmac,
  createVerify,
  type KeyObject,
  type SigningOptions,
  timingSafeEqual,
  verify,
} from "node:crypto";
import { decodeBase64url } from "../encoding/base64url.ts";
import { WatchwordError } from "../errors.ts";
import type { PublicVerificationKey, SharedVerificationKey, VerificationKey } from "../keys/key-set.ts";
import { isOfSmallOrder } from "../keys/small-order.ts";
import type { Segments } from "./jws.ts";

/** Bytes of an ES256 or EdDSA signature. */
const signatureBytes = 64;
/** Bytes of salt under PS256: those of SHA-256 (RFC 7518 §3.5). */
const saltLength = 32;

/** Cloudflare's workerd takes no KeyObject beside `padding` or `dsaEncoding`, but the same key as text. */
const isWorkerd = globalThis.navigator?.userAgent === "Cloudflare-Workers";

/** CS-9: the signature is right under the key, by the algorithm that the key is bound to. */
export function checkSignature(segments: Segments, key: VerificationKey): void {
  const isRight = key.algorithm === "HS256" ? isMac(segments, key) : isPublicKeySignature(segments, key);
  if (!isRight) throw new WatchwordError("bad_signature");
}

/** The MAC (RFC 7518 §3.2), compared in constant time as the text that it must be. */
function isMac({ input, signature }: Segments, { key }: SharedVerificationKey): boolean {
  const mac = createHmac("sha256", key).update(input, "latin1").digest("base64url");
  return signature.length === mac.length && timingSafeEqual(Buffer.from(signature), Buffer.from(mac));
}

function isPublicKeySignature(segments: Segments, { algorithm, key, pem }: PublicVerificationKey): boolean {
  const input = Buffer.from(segments.input, "latin1");
  const signature = decodeBase64url(segments.signature);
  // The one-shot `verify` of workerd passes over what stands beside the key.
  const isBy = (options: SigningOptions) =>
    createVerify("sha256")
      .update(input)
      .verify({ ...options, key: (isWorkerd ? pem : key) as KeyObject }, signature);
  switch (algorithm) {
    case "EdDSA":
      return (
        signature.length === signatureBytes &&
        !isOfSmallOrder(signature.subarray(0, 32)) &&
        verify(null, input, key, signature)
      );
    case "ES256":
      return signature.length === signatureBytes && isBy({ dsaEncoding: "ieee-p1363" });
    case "RS256":
      return verify("sha256", input, key, signature);
    case "PS256":
      return isBy({ padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
  }
}
