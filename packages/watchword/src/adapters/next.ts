import type { JsonObject } from "../encoding/strict-json.ts";
import * as rules from "../guard/authenticate.ts";
import type { Identity } from "../token/identity.ts";
import { uncached } from "./fetch-answer.ts";
import type { AuthContext, Handler, PathParameters, Route, RouteContext } from "./next-route.ts";
import { answering, authorizationOf } from "./next-route.ts";
import { type RouteOptions, routeVerifier, type VerifierInput } from "./route-verifier.ts";

export * from "../proxy/proxy.ts";
export type { ProxyEvent } from "../proxy/proxy-event.ts";
export type { ProxyOptions } from "../proxy/proxy-options.ts";
export type { ProxyRefusalCode } from "../proxy/proxy-refusal.ts";
export type { ProxyRoute } from "../proxy/proxy-routes.ts";
export {
  createSessionTokens,
  type SessionAuth,
  type SessionTokens,
  type SessionTokensOptions,
} from "../proxy/session-tokens.ts";
export { toProblemResponse } from "./fetch-answer.ts";
export type { AuthContext, Handler, PathParameters, Route, RouteContext } from "./next-route.ts";

/**
 * `export const GET = authenticate(handler)` lets only requests with a good token through. The verifier is made from the
 * environment at the first request, unless it is given before the handler.
 *
 * @example
 * export const GET = authenticate((_request, { identity }) => Response.json({ owner: identity.userId }));
 */
export function authenticate<P = PathParameters>(
  handler: Handler<AuthContext<P, Identity>>,
  options?: RouteOptions,
): Route<RouteContext<P>>;
export function authenticate<P = PathParameters, C = JsonObject>(
  input: VerifierInput<C>,
  handler: Handler<AuthContext<P, Identity<C>>>,
  options?: RouteOptions,
): Route<RouteContext<P>>;
export function authenticate(first: Input, second?: Later, third?: RouteOptions): Route<RouteContext<never>> {
  return identifyingBy("required", first, second, third);
}

/** As {@link authenticate}, but a request without any credential is anonymous: its `identity` is `null`. */
export function optionalUser<P = PathParameters>(
  handler: Handler<AuthContext<P, Identity | null>>,
  options?: RouteOptions,
): Route<RouteContext<P>>;
export function optionalUser<P = PathParameters, C = JsonObject>(
  input: VerifierInput<C>,
  handler: Handler<AuthContext<P, Identity<C> | null>>,
  options?: RouteOptions,
): Route<RouteContext<P>>;
export function optionalUser(first: Input, second?: Later, third?: RouteOptions): Route<RouteContext<never>> {
  return identifyingBy("optional", first, second, third);
}

type AnyHandler = Handler<AuthContext<never, never>>;
type Input = AnyHandler | VerifierInput<unknown>;
type Later = AnyHandler | RouteOptions;

/** A function in the second place is the handler, and the first place then says what verifies. */
function identifyingBy(
  mode: rules.AuthenticationMode,
  first: Input,
  second: Later | undefined,
  third: RouteOptions | undefined,
): Route<RouteContext<never>> {
  const [input, handler, options] =
    typeof second === "function"
      ? [first as VerifierInput<unknown>, second, third]
      : [undefined, first as AnyHandler, second];
  const route = routeVerifier(input, options);
  return identifying(
    (authorization) => {
      const { verifier, options: look } = route();
      return rules.authenticate(verifier, authorization, mode, look);
    },
    handler as Handler<AuthContext<never, unknown>>,
  );
}

/** Lets only the user named by the path parameter through. It stands inside {@link authenticate}. */
export function requireSelf<P = PathParameters, I extends Caller = Identity>(
  parameter: NoInfer<keyof P>,
  handler: Handler<AuthContext<P, I>>,
): Route<AuthContext<P, I>> {
  return guarding(handler, async ({ identity, params }) => {
    const parameters = await params;
    rules.checkParameter(parameters as object, String(parameter));
    const named = parameters[parameter];
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
