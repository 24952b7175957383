import type { JsonObject } from "../encoding/strict-json.ts";
import { ConfigurationError, WatchwordError } from "../errors.ts";
import { isUserId } from "../token/claims.ts";
import type { Identity } from "../token/identity.ts";
import type { Verifier, VerifyOptions } from "../token/verify.ts";
import { readBearer } from "./bearer.ts";

/** Whether a request without a credential is refused or anonymous. */
export type AuthenticationMode = "required" | "optional";

/**
 * Who sends a request.
 *
 * @param authorization one entry per `Authorization` header as received.
 * @param options how this route looks at tokens: `{ revocation: "none" }` does not ask whether they are revoked.
 * @returns `null` only in mode `optional` and only for a request without any `Authorization` header: a credential that
 *   is not accepted is refused in both modes.
 * @throws WatchwordError
 */
export async function authenticate<C = JsonObject>(
  verifier: Verifier<C>,
  authorization: readonly string[],
  mode: "required",
  options?: VerifyOptions,
): Promise<Identity<C>>;
export async function authenticate<C = JsonObject>(
  verifier: Verifier<C>,
  authorization: readonly string[],
  mode: AuthenticationMode,
  options?: VerifyOptions,
): Promise<Identity<C> | null>;
export async function authenticate<C = JsonObject>(
  verifier: Verifier<C>,
  authorization: readonly string[],
  mode: AuthenticationMode,
  options?: VerifyOptions,
): Promise<Identity<C> | null> {
  if (mode === "optional" && authorization.length === 0) return null;
  return verifier.verify(readBearer(authorization), options);
}

/**
 * CS-19: the user named in the URL is the one the token names, byte for byte.
 *
 * @param identity the caller; nobody is nobody's self.
 * @param userId the path segment, percent-decoded exactly once; `undefined` where it cannot be decoded.
 * @throws WatchwordError `missing` without a caller, `wrong_subject` for another one
 */
export function requireSelf(identity: Caller<"userId">, userId: string | undefined): void {
  if (!identity) throw new WatchwordError("missing");
  if (userId === undefined || !isUserId(userId) || userId !== identity.userId) {
    throw new WatchwordError("wrong_subject");
  }
}

/**
 * CS-22: the token grants every one of the scopes, by exact text.
 *
 * @throws WatchwordError `missing` without a caller, `insufficient_scope` otherwise
 * @throws ConfigurationError when no scope is named: that would let everybody through
 */
export function requireScope(identity: Caller<"scopes">, ...scopes: readonly string[]): void {
  checkNamed(scopes, "requireScope");
  if (!identity) throw new WatchwordError("missing");
  if (scopes.every((one) => identity.scopes.includes(one))) return;
  throw new WatchwordError("insufficient_scope", { scopes });
}

/**
 * CS-22: the caller has at least one of the roles, by exact text.
 *
 * @throws WatchwordError `missing` without a caller, `insufficient_scope` otherwise
 * @throws ConfigurationError when no role is named
 */
export function requireRole(identity: Caller<"roles">, ...roles: readonly string[]): void {
  checkNamed(roles, "requireRole");
  if (!identity) throw new WatchwordError("missing");
  if (roles.some((one) => identity.roles.includes(one))) return;
  throw new WatchwordError("insufficient_scope");
}

/** The part of an identity that is asked for; `null` or `undefined` for an anonymous request. */
type Caller<Member extends keyof Identity> = Pick<Identity, Member> | null | undefined;

/** Called by the adapters when a route is set up, so that a mistake stops the start and not a request. */
export function checkNamed(given: string | readonly string[], caller: string): readonly string[] {
  const names = typeof given === "string" ? [given] : given;
  if (names.length > 0 && names.every((one) => typeof one === "string" && one !== "")) return names;
  throw new ConfigurationError(`${caller} needs at least one name, for example ${caller}("admin").`);
}

/**
 * A route without the parameter would refuse everyone: a mistake of the program, which is told as one.
 *
 * @throws ConfigurationError when the path of the route has no parameter of this name
 */
export function checkParameter(parameters: object | null | undefined, name: string): void {
  if (parameters && Object.hasOwn(parameters, name)) return;
  throw new ConfigurationError(
    `requireSelf("${name}"): the path of this route has no parameter named ${name}. Name it as the path does.`,
  );
}
