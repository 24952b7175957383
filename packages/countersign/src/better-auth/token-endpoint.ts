import type { GenericEndpointContext } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import { CountersignError } from "../core/errors.ts";
import { signHs256 } from "../core/jws.ts";
import { emit, requestIdOf, type TokenEvent } from "./audit.ts";
import { readSession, refuseForeignPage } from "./caller.ts";
import type { IssuerPolicy } from "./options.ts";
import { TokenRefusal } from "./refusals.ts";
import type { SecretConfig, SigningKey } from "./signing-key.ts";
import { type TokenClaims, tokenClaims } from "./token-claims.ts";

/** Where tokens are given out, under Better Auth's base path. */
export const tokenPath = "/token";

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
 * `GET /token`: a short-lived token for whoever is signed in. On the server: `auth.api.getToken({ headers })`.
 *
 * 401 `NOT_SIGNED_IN` · 403 `CROSS_SITE_REQUEST`, `UNTRUSTED_ORIGIN` · 500 `INVALID_CLAIMS` · 503
 * `SESSION_STORE_UNAVAILABLE`; `Cache-Control: no-store` on each of them.
 */
export function tokenEndpoint(policy: IssuerPolicy, keyFor: (secretConfig: SecretConfig) => SigningKey) {
  return createAuthEndpoint(
    tokenPath,
    {
      method: "GET",
      requireHeaders: true,
      metadata: {
        noStore: true,
        openapi: {
          operationId: "getToken",
          description: "A short-lived JWT for the API, made from the session.",
        },
      },
    },
    async (ctx): Promise<TokenAnswer> => {
      try {
        refuseForeignPage(ctx);
        return await issue(policy, keyFor(ctx.context.secretConfig), ctx);
      } catch (error) {
        if (!(error instanceof TokenRefusal)) throw error;
        if (error.code === "INVALID_CLAIMS") logInvalidClaims(ctx, error);
        report(policy, ctx, refusedEvent(error));
        throw error.toApiError();
      }
    },
  );
}

async function issue(
  policy: IssuerPolicy,
  signing: SigningKey,
  ctx: GenericEndpointContext,
): Promise<TokenAnswer> {
  const signedIn = await readSession(ctx, policy.clock);
  const claims = await tokenClaims(policy, signedIn);
  const token = signHs256({ key: signing.key, payload: claims });
  await checkAcceptable(signing, token);
  report(policy, ctx, issuedEvent(signing, claims));
  return { token, expiresAt: claims.exp, expiresIn: policy.ttlSeconds };
}

/** A token that every verifier would refuse (too long, a user id that fits no URL, `cnf`) is not given out. */
async function checkAcceptable({ verifier }: SigningKey, token: string): Promise<void> {
  try {
    await verifier.verify(token);
  } catch (error) {
    if (error instanceof CountersignError) throw new TokenRefusal("INVALID_CLAIMS", error.claim);
    throw error;
  }
}

type Body<Event> = Event extends TokenEvent ? Omit<Event, "at" | "requestId"> : never;

function issuedEvent(signing: SigningKey, claims: TokenClaims): Body<TokenEvent> {
  return {
    name: "countersign.token.issued",
    userId: claims.sub,
    sessionId: claims.sid,
    tokenId: claims.jti,
    keyId: signing.keyId,
    audience: claims.aud,
    expiresAt: claims.exp,
  };
}

function refusedEvent({ code, claim }: TokenRefusal): Body<TokenEvent> {
  return { name: "countersign.token.refused", code, ...(claim === undefined ? {} : { claim }) };
}

function report(policy: IssuerPolicy, ctx: GenericEndpointContext, body: Body<TokenEvent>): void {
  const { logger } = ctx.context;
  const event: TokenEvent = { ...body, at: policy.clock.now(), ...requestIdOf(ctx.headers) };
  emit(policy.onEvent, event, () => logger.error(`[countersign] onEvent failed for ${event.name}.`));
}

/** Goes to the operator with the error of `definePayload` itself, never with the value of a claim. */
function logInvalidClaims({ context }: GenericEndpointContext, { claim, cause }: TokenRefusal): void {
  const reason = claim === undefined ? "" : `, claim ${claim}`;
  context.logger.error(
    `[countersign] No token was made: check definePayload${reason}.`,
    ...(cause ? [cause] : []),
  );
}
