import { WatchwordError } from "../errors.ts";
import { type AuthenticationMode, authenticate } from "../guard/authenticate.ts";
import type { Identity } from "../token/identity.ts";
import type { Verifier } from "../token/verify.ts";
import type { RouteVerifier } from "./route-verifier.ts";

/** Which verifier accepted the token of a request. */
const verifiedBy: unique symbol = Symbol("watchword.verifiedBy");

/** A request of Express or Fastify, once it has been authenticated. */
export interface AuthenticatedRequest {
  identity?: Identity<unknown> | null | undefined;
  [verifiedBy]?: Verifier<unknown>;
}

/**
 * The caller of a request that has passed `authenticate`. Given the verifier that stood there, its claims have the type
 * of that verifier's schema.
 *
 * @throws WatchwordError `missing` where nobody is authenticated, or another verifier accepted the token: a route that
 *   lacks its `authenticate` is closed.
 */
export function identityOf(request: AuthenticatedRequest): Identity<unknown>;
export function identityOf<C>(request: AuthenticatedRequest, verifier: Verifier<C>): Identity<C>;
export function identityOf(request: AuthenticatedRequest, verifier?: Verifier<unknown>): Identity<unknown> {
  const { identity } = request;
  if (!identity || (verifier !== undefined && request[verifiedBy] !== verifier)) {
    throw new WatchwordError("missing");
  }
  return identity;
}

/** The value of every `Authorization` header apart, from Node's flat list of names and values. */
export function authorizationValues(rawHeaders: readonly string[]): string[] {
  const values: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 13 && name.toLowerCase() === "authorization")
      values.push(rawHeaders[index + 1] ?? "");
  }
  return values;
}

/**
 * A path parameter that the framework has percent-decoded once; `undefined` where the raw target can be read in more
 * than one way: bytes beyond ASCII, or malformed escapes, which some frameworks leave as they are.
 *
 * @param target the request target as received: path and query, one character per byte.
 */
export function decodedParameter(target: string, parameter: unknown): string | undefined {
  const end = target.search(/[?#]/);
  const path = end < 0 ? target : target.slice(0, end);
  if (typeof parameter !== "string" || /[^\x21-\x7e]/.test(path)) return undefined;
  if (!path.includes("%")) return parameter;
  try {
    decodeURIComponent(path);
    return parameter;
  } catch {
    return undefined;
  }
}

/**
 * Runs a check, and what follows it at once where the check gives no promise: one per middleware would cost as much as
 * the check.
 */
export function settle(check: () => unknown, passed: () => void, failed: (error: unknown) => void): void {
  let pending: unknown;
  try {
    pending = check();
  } catch (error) {
    failed(error);
    return;
  }
  if (pending instanceof Promise) pending.then(passed, failed);
  else passed();
}

/** Authenticates a request and notes who sent it. */
export async function identify<C>(
  request: AuthenticatedRequest,
  { verifier, options }: RouteVerifier<C>,
  rawHeaders: readonly string[],
  mode: AuthenticationMode,
): Promise<void> {
  request.identity = await authenticate(verifier, authorizationValues(rawHeaders), mode, options);
  request[verifiedBy] = verifier;
}
