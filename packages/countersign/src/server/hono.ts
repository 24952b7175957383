import type { Context, Env, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { CountersignError } from "../core/errors.ts";
import type { Identity } from "../core/identity.ts";
import type { JsonObject } from "../core/strict-json.ts";
import {
  authenticateNow,
  checkNamed,
  requireRole as checkRole,
  requireScope as checkScope,
  requireSelf as compareSelf,
} from "./authenticate.ts";
import { type GivenVerifier, type RouteOptions, routeOptions, verifierOf } from "./given-verifier.ts";
import { authorizationOf, markResponse, marksMessage, targetOf } from "./hono-request.ts";
import { decodedParameter, handOn } from "./node-request.ts";
import { problem, type ValidationFault } from "./problem.ts";

/** What {@link authenticate} sets: `c.get("identity")`. */
export type AuthVariables<C = JsonObject> = { identity: Identity<C> };
export type AuthEnv<C = JsonObject> = { Variables: AuthVariables<C> };
/** What {@link optionalUser} sets: `null` for an anonymous request. */
export type OptionalAuthVariables<C = JsonObject> = { identity: Identity<C> | null };
export type OptionalAuthEnv<C = JsonObject> = { Variables: OptionalAuthVariables<C> };

/** Lets only requests with a good token through; the identity is then at `c.get("identity")`. */
export function authenticate<C = JsonObject>(
  using: GivenVerifier<C>,
  options?: RouteOptions,
): MiddlewareHandler<AuthEnv<C>> {
  const verifier = verifierOf(using);
  const how = routeOptions(verifier, options);
  return uncached((c) =>
    handOn(authenticateNow(verifier, authorizationOf(c), "required", how), (identity) =>
      c.set("identity", identity),
    ),
  );
}

/** As {@link authenticate}, but a request without any credential is anonymous: `c.get("identity")` is `null`. */
export function optionalUser<C = JsonObject>(
  using: GivenVerifier<C>,
  options?: RouteOptions,
): MiddlewareHandler<OptionalAuthEnv<C>> {
  const verifier = verifierOf(using);
  const how = routeOptions(verifier, options);
  return uncached((c) =>
    handOn(authenticateNow(verifier, authorizationOf(c), "optional", how), (identity) =>
      c.set("identity", identity),
    ),
  );
}

/** Lets only the user named by the path parameter through. It stands after {@link authenticate}. */
export function requireSelf(parameter: string): MiddlewareHandler {
  return checking((c) => compareSelf(identityOf(c), decodedParameter(targetOf(c), c.req.param(parameter))));
}

/** Lets only tokens through that grant every one of the scopes. It stands after {@link authenticate}. */
export function requireScope(...scopes: readonly string[]): MiddlewareHandler {
  checkNamed(scopes, "requireScope");
  return checking((c) => checkScope(identityOf(c), ...scopes));
}

/** Lets only callers through that have at least one of the roles. It stands after {@link authenticate}. */
export function requireRole(...roles: readonly string[]): MiddlewareHandler {
  checkNamed(roles, "requireRole");
  return checking((c) => checkRole(identityOf(c), ...roles));
}

/** A refusal in the form that Hono throws; without an `onError` of its own the application answers with the problem. */
export function refusal(error: CountersignError, errors?: readonly ValidationFault[]): HTTPException {
  const { status, headers, body } = problem(error, errors);
  const res = new Response(JSON.stringify(body), { status, headers });
  return new HTTPException(status as ContentfulStatusCode, { res, message: error.message, cause: error });
}

/** Without {@link authenticate} before it there is nobody, whatever the types say. */
function identityOf(c: Context): Identity<unknown> | null | undefined {
  return c.get("identity");
}

type Check<E extends Env> = (c: Context<E>) => unknown;

function checking<E extends Env>(check: Check<E>): MiddlewareHandler<E> {
  const refused = (error: unknown): never => {
    throw error instanceof CountersignError ? refusal(error) : error;
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

/** What depends on the caller is not stored, unless the handler says otherwise. */
function uncached<E extends Env>(check: Check<E>): MiddlewareHandler<E> {
  const checked = checking(check);
  return (c, next) =>
    marksMessage(c) ? checked(c, next) : checked(c, () => next().then(() => markResponse(c)));
}
