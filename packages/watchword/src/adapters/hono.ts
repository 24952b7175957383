import type { Context, Env, MiddlewareHandler } from "hono";
import type { JsonObject } from "../encoding/strict-json.ts";
import { WatchwordError } from "../errors.ts";
import * as rules from "../guard/authenticate.ts";
import type { Identity } from "../token/identity.ts";
import { toHttpException, uncached } from "./hono-answer.ts";
import { authorizationOf, socketOf, targetOf } from "./hono-request.ts";
import { decodedParameter } from "./node-request.ts";
import { type RouteOptions, routeVerifier, type VerifierInput } from "./route-verifier.ts";

export { toHttpException } from "./hono-answer.ts";

/** What {@link authenticate} sets: `c.get("identity")`. */
export type AuthVariables<C = JsonObject> = { identity: Identity<C> };
export type AuthEnv<C = JsonObject> = { Variables: AuthVariables<C> };
/** What {@link optionalUser} sets: `null` for an anonymous request. */
export type OptionalAuthVariables<C = JsonObject> = { identity: Identity<C> | null };
export type OptionalAuthEnv<C = JsonObject> = { Variables: OptionalAuthVariables<C> };

/** Lets only requests with a good token through; the identity is then at `c.get("identity")`. */
export function authenticate<C = JsonObject>(
  input?: VerifierInput<C>,
  options?: RouteOptions,
): MiddlewareHandler<AuthEnv<C>> {
  const route = routeVerifier(input, options);
  return uncached(
    checking(async (c) => {
      const { verifier, options: look } = route(socketOf(c));
      c.set("identity", await rules.authenticate(verifier, authorizationOf(c), "required", look));
    }),
  );
}

/** As {@link authenticate}, but a request without any credential is anonymous: `c.get("identity")` is `null`. */
export function optionalUser<C = JsonObject>(
  input?: VerifierInput<C>,
  options?: RouteOptions,
): MiddlewareHandler<OptionalAuthEnv<C>> {
  const route = routeVerifier(input, options);
  return uncached(
    checking(async (c) => {
      const { verifier, options: look } = route(socketOf(c));
      c.set("identity", await rules.authenticate(verifier, authorizationOf(c), "optional", look));
    }),
  );
}

/** Lets only the user named by the path parameter through. It stands after {@link authenticate}. */
export function requireSelf(parameter: string): MiddlewareHandler {
  return checking((c) => {
    rules.checkParameter(c.req.param(), parameter);
    rules.requireSelf(identityOf(c), decodedParameter(targetOf(c), c.req.param(parameter)));
  });
}

/** Lets only tokens through that grant every one of the scopes. It stands after {@link authenticate}. */
export function requireScope(...scopes: readonly string[]): MiddlewareHandler {
  rules.checkNamed(scopes, "requireScope");
  return checking((c) => rules.requireScope(identityOf(c), ...scopes));
}

/** Lets only callers through that have at least one of the roles. It stands after {@link authenticate}. */
export function requireRole(...roles: readonly string[]): MiddlewareHandler {
  rules.checkNamed(roles, "requireRole");
  return checking((c) => rules.requireRole(identityOf(c), ...roles));
}

/** Without {@link authenticate} before it there is nobody, whatever the types say. */
function identityOf(c: Context): Identity<unknown> | null | undefined {
  return c.get("identity");
}

function checking<E extends Env>(check: (c: Context<E>) => unknown): MiddlewareHandler<E> {
  const refused = (error: unknown): never => {
    throw error instanceof WatchwordError ? toHttpException(error) : error;
  };
  return (c, next) => {
    let pending: unknown;
    try {
      pending = check(c);
    } catch (error) {
      refused(error);
    }
    return pending instanceof Promise ? pending.then(() => next(), refused) : next();
  };
}
