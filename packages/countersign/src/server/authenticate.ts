import { readBearer } from "../core/bearer.ts";
import { isUserId } from "../core/claims.ts";
import { CountersignError } from "../core/errors.ts";
import type { Identity } from "../core/identity.ts";
import type { Verifier } from "../core/verify.ts";

/** Whether a request without a credential is refused or anonymous. */
export type AuthenticationMode = "required" | "optional";

/**
 * Who sends a request.
 *
 * @param authorization one entry per `Authorization` header as received.
 * @returns `null` only in mode `optional` and only for a request without any `Authorization` header: a credential that
 *   is not accepted is refused in both modes.
 * @throws CountersignError
 */
export async function authenticate(
  verifier: Verifier,
  authorization: readonly string[],
  mode: "required",
): Promise<Identity>;
export async function authenticate(
  verifier: Verifier,
  authorization: readonly string[],
  mode: AuthenticationMode,
): Promise<Identity | null>;
export async function authenticate(
  verifier: Verifier,
  authorization: readonly string[],
  mode: AuthenticationMode,
): Promise<Identity | null> {
  if (mode === "optional" && authorization.length === 0) return null;
  return verifier.verify(readBearer(authorization));
}

/**
 * CS-19: the user named in the URL is the one the token names, byte for byte.
 *
 * @param identity the caller; nobody is nobody's self.
 * @param userId the path segment, percent-decoded exactly once; `undefined` where it cannot be decoded.
 * @throws CountersignError `missing` without a caller, `wrong_subject` for another one
 */
export function requireSelf(identity: Identity | null | undefined, userId: string | undefined): void {
  if (!identity) throw new CountersignError("missing");
  if (userId === undefined || !isUserId(userId) || userId !== identity.userId) {
    throw new CountersignError("wrong_subject");
  }
}
