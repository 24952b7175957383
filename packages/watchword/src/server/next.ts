import type { Identity } from "../core/identity.ts";
import type { JsonObject } from "../core/strict-json.ts";
import * as rules from "./authenticate.ts";
import { uncached } from "./fetch-answer.ts";
import { type GivenVerifier, type RouteOptions, routeOptions, verifierOf } from "./given-verifier.ts";
import type { AuthContext, Handler, PathParameters, Route, RouteContext } from "./next-route.ts";
import { answering, authorizationOf } from "./next-route.ts";

export { toProblemResponse } from "./fetch-answer.ts";
export type { AuthContext, Handler, PathParameters, Route, RouteContext } from "./next-route.ts";
export * from "./proxy.ts";
export type { ProxyEvent } from "./proxy-event.ts";
export type { ProxyOptions } from "./proxy-options.ts";
export type { ProxyRefusalCode } from "./proxy-refusal.ts";
export type { ProxyRoute } from "./proxy-routes.ts";
export {
  createSessionTokens,
  type SessionAuth,
  type SessionTokens,
  type SessionTokensOptions,
} from "./session-tokens.ts";

/** `export const GET = authenticate(verifier, handler)` lets only requests with a good token through. */
export function authenticate<P = PathParameters, C = JsonObject>(
  using: GivenVerifier<C>,
  handler: Handler<AuthContext<P, Identity<C>>>,
  options?: RouteOptions,
): Route<RouteContext<P>> {
  const verifier = verifierOf(using);
  const how = routeOptions(verifier, options);
  return identifying((sent) => rules.authenticateNow(verifier, sent, "required", how), handler);
}

/** As {@link authenticate}, but a request without any credential is anonymous: its `identity` is `null`. */
export function optionalUser<P = PathParameters, C = JsonObject>(
  using: GivenVerifier<C>,
  handler: Handler<AuthContext<P, Identity<C> | null>>,
  options?: RouteOptions,
): Route<RouteContext<P>> {
  const verifier = verifierOf(using);
  const how = routeOptions(verifier, options);
  return identifying((sent) => rules.authenticateNow(verifier, sent, "optional", how), handler);
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
  scopes: string | readonly string[],
  handler: Handler<X>,
): Route<X> {
  const names = rules.checkNamed(scopes, "requireScope");
  return guarding(handler, ({ identity }) => rules.requireScope(identity, ...names));
}

/** Lets only callers through that have at least one of the roles. It stands inside {@link authenticate}. */
export function requireRole<X extends WithCaller = AuthContext>(
  roles: string | readonly string[],
  handler: Handler<X>,
): Route<X> {
  const names = rules.checkNamed(roles, "requireRole");
  return guarding(handler, ({ identity }) => rules.requireRole(identity, ...names));
}

type Caller = Identity<unknown> | null;
type WithCaller = { readonly identity: Caller };

function identifying<P, I>(
  identify: (authorization: readonly string[]) => I | Promise<I>,
  handler: Handler<AuthContext<P, I>>,
): Route<RouteContext<P>> {
  return answering(async (request, context) => {
    const identity = await identify(authorizationOf(request));
    return uncached(await handler(request, { ...context, identity }));
  });
}

function guarding<X>(handler: Handler<X>, check: (context: X) => unknown): Route<X> {
  return answering(async (request, context) => {
    await check(context);
    return handler(request, context);
  });
}
