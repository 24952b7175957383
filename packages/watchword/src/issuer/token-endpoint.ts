import type { GenericEndpointContext } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import type { EventBody } from "./audit.ts";
import { readSession, refuseForeignPage } from "./caller.ts";
import { issueToken, type TokenAnswer } from "./issue.ts";
import { issuerOf } from "./issuer.ts";
import { forbidStoring } from "./no-store.ts";
import { TokenRefusal } from "./refusals.ts";
import { tokenQuery } from "./token-request.ts";

/**
 * `GET /token?audience=&scope=&ttlSeconds=`: a short-lived token for whoever is signed in. On the server: `auth.api.getToken({ headers })`.
 *
 * 400 `UNKNOWN_AUDIENCE`, `INVALID_SCOPE`, `INVALID_TTL`, `AMBIGUOUS_SESSION` · 401 `NOT_SIGNED_IN` · 403 `CROSS_SITE_REQUEST`, `UNTRUSTED_ORIGIN` · 500
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
        openapi: {
          operationId: "getToken",
          description: "A short-lived JWT for the API, made from the session.",
        },
      },
    },
    async (ctx): Promise<TokenAnswer> => {
      forbidStoring(ctx);
      const issuer = issuerOf(ctx);
      const { context, headers, query } = ctx;
      try {
        refuseForeignPage(ctx);
        return await issueToken(issuer, {
          context,
          headers,
          query,
          readSession: () => readSession(ctx, issuer.policy.clock),
        });
      } catch (error) {
        if (!(error instanceof TokenRefusal)) throw error;
        if (error.code === "INVALID_CLAIMS") logInvalidClaims(ctx, error);
        issuer.report(refusedEvent(error), headers);
        throw error.toApiError();
      }
    },
  );
}

function refusedEvent({ code, claim }: TokenRefusal): EventBody {
  return { name: "watchword.token.refused", code, ...(claim === undefined ? {} : { claim }) };
}

/** Goes to the operator with the error of `definePayload` itself, never with the value of a claim. */
function logInvalidClaims({ context }: GenericEndpointContext, { claim, cause }: TokenRefusal): void {
  // `sub` is the user's id, which definePayload cannot change.
  const advice =
    claim === "sub"
      ? "the user's id does not fit into a URL. Give users ids of at most 255 characters without /, ?, #, % and white space"
      : `check definePayload${claim === undefined ? "" : `, claim ${claim}`}`;
  context.logger.error(`[watchword] No token was made: ${advice}.`, ...(cause ? [cause] : []));
}
