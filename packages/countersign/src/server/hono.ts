import type { Context, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { CountersignError } from "../core/errors.ts";
import type { Identity } from "../core/identity.ts";
import type { VerifierOptions } from "../core/verifier-options.ts";
import { createVerifier, type Verifier } from "../core/verify.ts";
import { authenticate as authenticateValues, requireSelf as compareSelf } from "./authenticate.ts";
import { problem, type ValidationFault } from "./problem.ts";

/** What {@link authenticate} sets: `c.get("identity")`. */
export type AuthVariables = { identity: Identity };
export type AuthEnv = { Variables: AuthVariables };
/** What {@link optionalUser} sets: `null` for an anonymous request. */
export type OptionalAuthVariables = { identity: Identity | null };
export type OptionalAuthEnv = { Variables: OptionalAuthVariables };

/** Lets only requests with a good token through; the identity is then at `c.get("identity")`. */
export function authenticate(using: Verifier | VerifierOptions): MiddlewareHandler<AuthEnv> {
  const verifier = verifierOf(using);
  return async (c, next) => {
    c.set("identity", await refusing(() => authenticateValues(verifier, authorizationOf(c), "required")));
    await next();
  };
}

/** As {@link authenticate}, but a request without any credential is anonymous: `c.get("identity")` is `null`. */
export function optionalUser(using: Verifier | VerifierOptions): MiddlewareHandler<OptionalAuthEnv> {
  const verifier = verifierOf(using);
  return async (c, next) => {
    c.set("identity", await refusing(() => authenticateValues(verifier, authorizationOf(c), "optional")));
    await next();
  };
}

/** Lets only the user named by the path parameter through. It stands after {@link authenticate}. */
export function requireSelf(parameter: string): MiddlewareHandler<AuthEnv> {
  return async (c, next) => {
    await refusing(async () => compareSelf(c.get("identity"), decodedParameter(c, parameter)));
    await next();
  };
}

/** A refusal in the form that Hono throws; without an `onError` of its own the application answers with the problem. */
export function refusal(error: CountersignError, errors?: readonly ValidationFault[]): HTTPException {
  const { status, headers, body } = problem(error, errors);
  const res = new Response(JSON.stringify(body), { status, headers });
  return new HTTPException(status as ContentfulStatusCode, { res, message: error.message, cause: error });
}

function verifierOf(using: Verifier | VerifierOptions): Verifier {
  return "verify" in using ? using : createVerifier(using);
}

async function refusing<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw error instanceof CountersignError ? refusal(error) : error;
  }
}

/** Every `Authorization` header apart, where the server shows them; Fetch joins them by a comma. */
function authorizationOf(c: Context): string[] {
  const rawHeaders: unknown = c.env?.incoming?.rawHeaders;
  if (!Array.isArray(rawHeaders)) {
    const joined = c.req.header("authorization");
    return joined === undefined ? [] : [joined];
  }
  return rawHeaders.filter(
    (_, index) => String(rawHeaders[index - 1]).toLowerCase() === "authorization" && index % 2 === 1,
  );
}

/** Hono decodes a parameter once, and leaves malformed escapes as they are: those are refused here. */
function decodedParameter(c: Context, name: string): string | undefined {
  try {
    decodeURIComponent(new URL(c.req.url).pathname);
    return c.req.param(name);
  } catch {
    return undefined;
  }
}
