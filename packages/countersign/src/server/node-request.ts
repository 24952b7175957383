import { CountersignError } from "../core/errors.ts";
import type { Identity } from "../core/identity.ts";
import type { Verifier } from "../core/verify.ts";

/** Which verifier accepted the token of a request. */
export const verifiedBy: unique symbol = Symbol("countersign.verifiedBy");

/** A request of Express or Fastify, once it has been authenticated. */
export interface AuthenticatedRequest {
  identity?: Identity<unknown> | null | undefined;
  [verifiedBy]?: Verifier<unknown>;
}

/**
 * The caller of a request that has passed `authenticate`. Given the verifier that stood there, its claims have the type
 * of that verifier's schema.
 *
 * @throws CountersignError `missing` where nobody is authenticated, or another verifier accepted the token: a route that
 *   lacks its `authenticate` is closed.
 */
export function identityOf(request: AuthenticatedRequest): Identity<unknown>;
export function identityOf<C>(request: AuthenticatedRequest, verifier: Verifier<C>): Identity<C>;
export function identityOf(request: AuthenticatedRequest, verifier?: Verifier<unknown>): Identity<unknown> {
  const { identity } = request;
  if (!identity || (verifier !== undefined && request[verifiedBy] !== verifier)) {
    throw new CountersignError("missing");
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
  const [path = ""] = target.split(/[?#]/, 1);
  if (typeof parameter !== "string" || /[^\x21-\x7e]/.test(path)) return undefined;
  try {
    decodeURIComponent(path);
    return parameter;
  } catch {
    return undefined;
  }
}
