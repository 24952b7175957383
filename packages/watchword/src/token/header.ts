import type { JsonObject } from "../encoding/strict-json.ts";
import { WatchwordError } from "../errors.ts";
import type { Algorithm } from "../keys/algorithms.ts";

/** CS-5: `alg` is one of the configured algorithms, by exact case (RFC 8725 §3.1). */
export function checkAlgorithm(header: JsonObject, accepted: readonly Algorithm[]): Algorithm {
  const algorithm = accepted.find((candidate) => candidate === header.alg);
  if (algorithm === undefined) throw new WatchwordError("unsupported_alg");
  return algorithm;
}

/** CS-6: no extension is understood, so none may be critical (RFC 7515 §4.1.11); `b64` belongs to RFC 7797. */
export function checkCritical(header: JsonObject): void {
  if (Object.hasOwn(header, "crit")) throw new WatchwordError("unsupported_crit");
  if (Object.hasOwn(header, "b64")) throw new WatchwordError("malformed");
}

/** CS-6: `kid`, when there is one, is a text (RFC 7515 §4.1.4). */
export function readKeyId(header: JsonObject): string | undefined {
  const kid = header.kid;
  if (kid === undefined || typeof kid === "string") return kid;
  throw new WatchwordError("malformed");
}

/** CS-7: `typ` is one of the accepted media types (RFC 8725 §3.11); `null` among them accepts its absence. */
export function checkType(header: JsonObject, accepted: readonly (string | null)[]): void {
  const type = header.typ;
  if (type === undefined && accepted.includes(null)) return;
  if (typeof type === "string" && accepted.some((one) => one !== null && mediaType(one) === mediaType(type)))
    return;
  throw new WatchwordError("wrong_type");
}

/**
 * Media types are compared without case. `application/` may be left out where no other `/` remains (RFC 7515 §4.1.9), so
 * that `text/plain` does not stand for `application/text/plain`.
 */
function mediaType(type: string): string {
  return type.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/^application\/(?=[^/]*$)/, "");
}
