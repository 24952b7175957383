import type { GenericEndpointContext } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { CountersignError } from "../core/errors.ts";
import type { EventBody } from "./audit.ts";
import { refuseForeignPage } from "./caller.ts";
import { type Issuer, issuerOf } from "./issuer.ts";
import { TokenRefusal } from "./refusals.ts";
import { roleClaims } from "./roles.ts";
import { unrevoked } from "./session-in-time.ts";
import type { Signer } from "./signing-key.ts";
import { actorOf, type TokenClaims, tokenClaims } from "./token-claims.ts";
import { requestedToken, tokenQuery } from "./token-request.ts";

/** The answer of the endpoint. */
export interface TokenAnswer {
  /** The JWT, for `Authorization: Bearer …`. */
  token: string;
  /** `exp` of the token: seconds since 1970. */
  expiresAt: number;
  /** Its whole life, in seconds. */
  expiresIn: number;
}

/**
 * `GET /token?audience=&scope=`: a short-lived token for whoever is signed in. On the server: `auth.api.getToken({ headers })`.
 *
 * 400 `UNKNOWN_AUDIENCE`, `INVALID_SCOPE` · 401 `NOT_SIGNED_IN` · 403 `CROSS_SITE_REQUEST`, `UNTRUSTED_ORIGIN` · 500
 * `INVALID_CLAIMS` · 503 `SESSION_STORE_UNAVAILABLE`, `KEY_STORE_UNAVAILABLE`; `Cache-Control: no-store` on each of them.
 */
export function tokenEndpoint<const Path extends string>(path: Path) {
  return createAuthEndpoint(
    path,
    {
      method: "GET",
      requireHeaders: true,
      query: tokenQuery,
      metadata: {
        noStore: true,
        openapi: {
          operationId: "getToken",
          description: "A short-lived JWT for the API, made from the session.",
        },
      },
    },
    async (ctx): Promise<TokenAnswer> => {
      const issuer = issuerOf(ctx);
      try {
        refuseForeignPage(ctx);
        return await issue(issuer, ctx);
      } catch (error) {
        if (!(error instanceof TokenRefusal)) throw error;
        if (error.code === "INVALID_CLAIMS") logInvalidClaims(ctx, error);
        issuer.report(refusedEvent(error), ctx.headers);
        throw error.toApiError();
      }
    },
  );
}

async function issue(issuer: Issuer, ctx: GenericEndpointContext): Promise<TokenAnswer> {
  const { policy } = issuer;
  const requested = requestedToken(policy, ctx.query);
  const { signedIn, issuedAt } = await unrevoked(issuer, ctx);
  const roles = await roleClaims(policy.roles, ctx, signedIn);
  const claims = await tokenClaims(policy, { signedIn, roles, requested, issuedAt });
  const signer = await signerOf(issuer, ctx);
  const token = signer.sign(claims);
  await checkAcceptable(signer, claims, token);
  const actorId = actorOf(signedIn);
  issuer.report({ ...issuedEvent(signer, claims), ...(actorId !== undefined && { actorId }) }, ctx.headers);
  return { token, expiresAt: claims.exp, expiresIn: claims.exp - claims.iat };
}

async function signerOf({ signer }: Issuer, ctx: GenericEndpointContext): Promise<Signer> {
  try {
    return await signer();
  } catch {
    ctx.context.logger.error(
      "[countersign] There is no key to sign with: its table could not be read or written.",
    );
    throw new TokenRefusal("KEY_STORE_UNAVAILABLE");
  }
}

/** A token that every verifier would refuse (too long, a user id that fits no URL, `cnf`) is not given out. */
async function checkAcceptable(signer: Signer, claims: TokenClaims, token: string): Promise<void> {
  try {
    await signer.check(claims, token);
  } catch (error) {
    if (error instanceof CountersignError) throw new TokenRefusal("INVALID_CLAIMS", error.claim);
    throw error;
  }
}

function issuedEvent(signer: Signer, claims: TokenClaims): EventBody {
  return {
    name: "countersign.token.issued",
    userId: claims.sub,
    sessionId: claims.sid,
    tokenId: claims.jti,
    keyId: signer.keyId,
    ...(claims.aud !== undefined && { audience: claims.aud }),
    expiresAt: claims.exp,
  };
}

function refusedEvent({ code, claim }: TokenRefusal): EventBody {
  return { name: "countersign.token.refused", code, ...(claim === undefined ? {} : { claim }) };
}

/** Goes to the operator with the error of `definePayload` itself, never with the value of a claim. */
function logInvalidClaims({ context }: GenericEndpointContext, { claim, cause }: TokenRefusal): void {
  const reason = claim === undefined ? "" : `, claim ${claim}`;
  context.logger.error(
    `[countersign] No token was made: check definePayload${reason}.`,
    ...(cause ? [cause] : []),
  );
}
