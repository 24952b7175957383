import type { NextRequest } from "next/server.js";
import { CountersignError } from "../core/errors.ts";
import type { Identity } from "../core/identity.ts";
import type { JsonObject } from "../core/strict-json.ts";
import * as rules from "./authenticate.ts";
import { type GivenVerifier, type RouteOptions, routeOptions, verifierOf } from "./given-verifier.ts";
import type { AuthContext, Handler, PathParameters, Route, RouteContext } from "./next-route.ts";
import { problem, type ValidationFault } from "./problem.ts";

export type { AuthContext, Handler, PathParameters, Route, RouteContext } from "./next-route.ts";

/** `export const GET = authenticate(verifier, handler)` lets only requests with a good token through. */
export function authenticate<P = PathParameters, C = JsonObject>(
  using: GivenVerifier<C>,
  handler: Handler<AuthContext<P, Identity<C>>>,
  options?: RouteOptions,
): Route<RouteContext<P>> {
  const verifier = verifierOf(using);
  const how = routeOptions(verifier, options);
  return answering(async (request, context) => {
    const identity = await rules.authenticateNow(verifier, authorizationOf(request), "required", how);
    return uncached(await handler(request, { ...context, identity }));
  });
}

/** As {@link authenticate}, but a request without any credential is anonymous: its `identity` is `null`. */
export function optionalUser<P = PathParameters, C = JsonObject>(
  using: GivenVerifier<C>,
  handler: Handler<AuthContext<P, Identity<C> | null>>,
  options?: RouteOptions,
): Route<RouteContext<P>> {
  const verifier = verifierOf(using);
  const how = routeOptions(verifier, options);
  return answering(async (request, context) => {
    const identity = await rules.authenticateNow(verifier, authorizationOf(request), "optional", how);
    return uncached(await handler(request, { ...context, identity }));
  });
}

/** Lets only the user named by the path parameter through. It stands inside {@link authenticate}. */
export function requireSelf<P = PathParameters, I extends Caller = Identity>(
  parameter: NoInfer<keyof P>,
  handler: Handler<AuthContext<P, I>>,
): Route<AuthContext<P, I>> {
  return guarding(handler, async ({ identity, params }) => {
    const { [parameter]: named } = await params;
    rules.requireSelf(identity, typeof named === "string" ? named : undefined);
  });
}

/** Lets only tokens through that grant every one of the scopes. It stands inside {@link authenticate}. */
export function requireScope<X extends WithCaller = AuthContext>(
  scopes: Names,
  handler: Handler<X>,
): Route<X> {
  const names = namesOf(scopes, "requireScope");
  return guarding(handler, ({ identity }) => rules.requireScope(identity, ...names));
}

/** Lets only callers through that have at least one of the roles. It stands inside {@link authenticate}. */
export function requireRole<X extends WithCaller = AuthContext>(roles: Names, handler: Handler<X>): Route<X> {
  const names = namesOf(roles, "requireRole");
  return guarding(handler, ({ identity }) => rules.requireRole(identity, ...names));
}

/** The answer to a refusal: its problem document. */
export function refusal(error: CountersignError, errors?: readonly ValidationFault[]): Response {
  const { status, headers, body } = problem(error, errors);
  return new Response(JSON.stringify(body), { status, headers });
}

type Caller = Identity<unknown> | null;
type WithCaller = { readonly identity: Caller };
type Names = string | readonly string[];

function namesOf(names: Names, caller: string): readonly string[] {
  const list = typeof names === "string" ? [names] : names;
  rules.checkNamed(list, caller);
  return list;
}

/** Next.js shows the first of several headers; several credentials joined in one by a comma are seen. */
function authorizationOf(request: NextRequest): string[] {
  const value = request.headers.get("authorization");
  return value === null ? [] : [value];
}

/** What depends on the caller is not stored, unless the handler says otherwise. */
function uncached(response: Response): Response {
  if (response.headers.has("Cache-Control")) return response;
  // The headers of a response that `fetch` gave cannot be changed.
  const answer = new Response(response.body, response);
  answer.headers.set("Cache-Control", "no-store");
  return answer;
}

function guarding<X>(handler: Handler<X>, check: (context: X) => unknown): Route<X> {
  return answering(async (request, context) => {
    await check(context);
    return handler(request, context);
  });
}

function answering<X>(handler: Handler<X>): Route<X> {
  return async (request, context) => {
    try {
      return await handler(request, context);
    } catch (error) {
      if (error instanceof CountersignError) return refusal(error);
      throw error;
    }
  };
}
