import type { Request, RequestHandler, Response } from "express";
import { WatchwordError } from "../core/errors.ts";
import * as rules from "./authenticate.ts";
import { type GivenVerifier, type RouteOptions, routeOptions, verifierOf } from "./given-verifier.ts";
import { type AuthenticatedRequest, decodedParameter, identify, settle } from "./node-request.ts";
import { toProblem, type ValidationFault } from "./problem.ts";

export { identityOf } from "./node-request.ts";

declare global {
  namespace Express {
    /** `identity`: `undefined` before `authenticate` or `optionalUser`, `null` for an anonymous request. */
    interface Request extends AuthenticatedRequest {}
  }
}

/** Lets only requests with a good token through; the caller is then `identityOf(req)`. */
export function authenticate<C>(using: GivenVerifier<C>, options?: RouteOptions): RequestHandler {
  return identifying(using, "required", options);
}

/** As {@link authenticate}, but a request without any credential is anonymous: `req.identity` is `null`. */
export function optionalUser<C>(using: GivenVerifier<C>, options?: RouteOptions): RequestHandler {
  return identifying(using, "optional", options);
}

/** Lets only the user named by the path parameter through. It stands after {@link authenticate}, on the same path. */
export function requireSelf(parameter: string): RequestHandler {
  return checking((req) =>
    rules.requireSelf(req.identity, decodedParameter(req.originalUrl, req.params[parameter])),
  );
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
  using: GivenVerifier<C>,
  mode: rules.AuthenticationMode,
  options: RouteOptions | undefined,
): RequestHandler {
  const verifier = verifierOf(using);
  const how = routeOptions(verifier, options);
  return checking((req, res) => {
    res.setHeader("Cache-Control", "no-store");
    return identify(req, verifier, req.rawHeaders, mode, how);
  });
}

/** A refusal is answered here, so that no error handler of the application can let the request pass. */
function checking(check: (req: Request, res: Response) => unknown): RequestHandler {
  return (req, res, next) =>
    settle(
      () => check(req, res),
      () => next(),
      (error) => (error instanceof WatchwordError ? refuse(res, error) : next(error)),
    );
}
