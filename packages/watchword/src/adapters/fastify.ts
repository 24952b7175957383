import type { FastifyReply, FastifyRequest } from "fastify";
import { WatchwordError } from "../errors.ts";
import * as rules from "../guard/authenticate.ts";
import { toProblem, type ValidationFault } from "../guard/problem.ts";
import type { ServerSocket } from "./environment-verifier.ts";
import { type AuthenticatedRequest, decodedParameter, identify, settle } from "./node-request.ts";
import { type RouteOptions, routeVerifier, type VerifierInput } from "./route-verifier.ts";

export { identityOf } from "./node-request.ts";

declare module "fastify" {
  /** `identity`: `undefined` before `authenticate` or `optionalUser`, `null` for an anonymous request. */
  interface FastifyRequest extends AuthenticatedRequest {}
}

/** A hook for `onRequest` (before the body is read) or any later one, of a route or of a whole scope. */
export type AuthHook = (request: FastifyRequest, reply: FastifyReply, done: (fault?: Error) => void) => void;

/** Lets only requests with a good token through; the caller is then `identityOf(request)`. */
export function authenticate<C>(input?: VerifierInput<C>, options?: RouteOptions): AuthHook {
  return identifying(input, "required", options);
}

/** As {@link authenticate}, but a request without any credential is anonymous: `request.identity` is `null`. */
export function optionalUser<C>(input?: VerifierInput<C>, options?: RouteOptions): AuthHook {
  return identifying(input, "optional", options);
}

/** Lets only the user named by the path parameter through. It stands after {@link authenticate}. */
export function requireSelf(parameter: string): AuthHook {
  return checking(({ identity, originalUrl, params }) => {
    rules.checkParameter(params as object, parameter);
    const { [parameter]: named } = params as Readonly<Record<string, unknown>>;
    rules.requireSelf(identity, decodedParameter(originalUrl, named));
  });
}

/** Lets only tokens through that grant every one of the scopes. It stands after {@link authenticate}. */
export function requireScope(...scopes: readonly string[]): AuthHook {
  rules.checkNamed(scopes, "requireScope");
  return checking(({ identity }) => rules.requireScope(identity, ...scopes));
}

/** Lets only callers through that have at least one of the roles. It stands after {@link authenticate}. */
export function requireRole(...roles: readonly string[]): AuthHook {
  rules.checkNamed(roles, "requireRole");
  return checking(({ identity }) => rules.requireRole(identity, ...roles));
}

/** Answers a refusal with its problem document. */
export function refuse(
  reply: FastifyReply,
  error: WatchwordError,
  errors?: readonly ValidationFault[],
): FastifyReply {
  const { status, headers, body } = toProblem(error, errors);
  // Bytes: to a text Fastify would add a charset, which JSON does not have (RFC 8259 §11).
  return reply
    .code(status)
    .headers(headers)
    .send(Buffer.from(JSON.stringify(body)));
}

function identifying<C>(
  input: VerifierInput<C> | undefined,
  mode: rules.AuthenticationMode,
  options: RouteOptions | undefined,
): AuthHook {
  const route = routeVerifier(input, options);
  return checking((request, reply) => {
    reply.header("Cache-Control", "no-store");
    return identify(request, route(request.raw.socket as ServerSocket), request.raw.rawHeaders, mode);
  });
}

/** A refusal is answered here: an error handler of the application need not know it, and cannot lose its challenge. */
function checking(check: (request: FastifyRequest, reply: FastifyReply) => unknown): AuthHook {
  return (request, reply, done) =>
    settle(
      () => check(request, reply),
      () => done(),
      (error) => {
        if (error instanceof WatchwordError) refuse(reply, error);
        else done(error instanceof Error ? error : new Error("Unknown fault", { cause: error }));
      },
    );
}
