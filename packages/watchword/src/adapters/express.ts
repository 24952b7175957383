import type { Request, RequestHandler, Response } from "express";
import { ConfigurationError, WatchwordError } from "../errors.ts";
import * as rules from "../guard/authenticate.ts";
import { toProblem, type ValidationFault } from "../guard/problem.ts";
import type { ServerSocket } from "./environment-verifier.ts";
import { type AuthenticatedRequest, decodedParameter, identify, settle } from "./node-request.ts";
import { type RouteOptions, routeVerifier, type VerifierInput } from "./route-verifier.ts";

export { identityOf } from "./node-request.ts";

declare global {
  namespace Express {
    /** `identity`: `undefined` before `authenticate` or `optionalUser`, `null` for an anonymous request. */
    interface Request extends AuthenticatedRequest {}
  }
}

/** Lets only requests with a good token through; the caller is then `identityOf(req)`. */
export function authenticate<C>(input?: VerifierInput<C>, options?: RouteOptions): RequestHandler {
  return identifying(input, "required", options);
}

/** As {@link authenticate}, but a request without any credential is anonymous: `req.identity` is `null`. */
export function optionalUser<C>(input?: VerifierInput<C>, options?: RouteOptions): RequestHandler {
  return identifying(input, "optional", options);
}

/** Lets only the user named by the path parameter through. It stands after {@link authenticate}, on the same path. */
export function requireSelf(parameter: string): RequestHandler {
  return checking((req) => {
    rules.checkParameter(req.params, parameter);
    rules.requireSelf(req.identity, decodedParameter(req.originalUrl, req.params[parameter]));
  });
}

/** Lets only tokens through that grant every one of the scopes. It stands after {@link authenticate}. */
export function requireScope(...scopes: readonly string[]): RequestHandler {
  rules.checkNamed(scopes, "requireScope");
  return checking((req) => rules.requireScope(req.identity, ...scopes));
}

/** Lets only callers through that have at least one of the roles. It stands after {@link authenticate}. */
export function requireRole(...roles: readonly string[]): RequestHandler {
  rules.checkNamed(roles, "requireRole");
  return checking((req) => rules.requireRole(req.identity, ...roles));
}

/** Answers a refusal with its problem document. */
export function refuse(res: Response, error: WatchwordError, errors?: readonly ValidationFault[]): void {
  const { status, headers, body } = toProblem(error, errors);
  res.writeHead(status, headers).end(JSON.stringify(body));
}

function identifying<C>(
  input: VerifierInput<C> | undefined,
  mode: rules.AuthenticationMode,
  options: RouteOptions | undefined,
): RequestHandler {
  const route = routeVerifier(input, options);
  return checking((req, res) => {
    res.setHeader("Cache-Control", "no-store");
    return identify(req, route(req.socket as ServerSocket), req.rawHeaders, mode);
  });
}

/** A refusal is answered here, so that no error handler of the application can let the request pass. */
function checking(check: (req: Request, res: Response) => unknown): RequestHandler {
  return (req, res, next) =>
    settle(
      () => check(req, res),
      () => next(),
      (error) => {
        if (error instanceof WatchwordError) refuse(res, error);
        else if (error instanceof ConfigurationError) refuseMistake(res, error);
        else next(error);
      },
    );
}

/** Not by `next`: an error handler that goes on would open the route. */
function refuseMistake(res: Response, mistake: ConfigurationError): void {
  process.emitWarning(mistake);
  refuse(res, new WatchwordError("internal_error"));
}
