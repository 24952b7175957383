import type { AuthContext } from "better-auth";
import { APIError, createAuthEndpoint } from "better-auth/api";
import { feedToken } from "../../feed/revocation-token.ts";
import type { Verifier } from "../../token/verify.ts";
import { issuerOf } from "../issuer.ts";
import { forbidStoring } from "../no-store.ts";
import { beginning, readCursor } from "./feed-cursor.ts";
import type { FeedService } from "./feed-service.ts";
import type { FeedAnswer } from "./revocation-feed.ts";

/** Where the feed is, under Better Auth's base path. */
export const feedPath = "/revocations";

/** Longest wait of a request, in seconds (`contract/defaults.json`, `revocation.wait_seconds`). */
export const maxWaitSeconds = 25;

/**
 * `GET /revocations?after=<cursor>&wait=<seconds>`: what has ended since the cursor. `Authorization: Bearer <feed token>`.
 *
 * 400 for a cursor or a wait that is none, and for a cursor from the future · 401 without a feed token · 503 when the database cannot be read. Nothing is
 * said of why.
 */
export function feedEndpoint() {
  return createAuthEndpoint(
    feedPath,
    { method: "GET", requireHeaders: true },
    async (ctx): Promise<FeedAnswer> => {
      forbidStoring(ctx);
      // The endpoint is there only when the feed is on.
      const { feed, verifier } = issuerOf(ctx).feedService as FeedService;
      if (!(await isVerifier(verifier, ctx.headers))) throw new APIError("UNAUTHORIZED");
      const { after, wait = "0" } = (ctx.query ?? {}) as Record<string, unknown>;
      const cursor =
        after === undefined ? beginning : typeof after === "string" ? readCursor(after) : undefined;
      if (cursor === undefined || typeof wait !== "string" || !/^[0-9]{1,3}$/.test(wait)) {
        throw new APIError("BAD_REQUEST");
      }
      if (!feed.knows(cursor)) throw new APIError("BAD_REQUEST");
      try {
        return await feed.follow(cursor, Math.min(Number(wait), maxWaitSeconds), ctx.request?.signal);
      } catch {
        ctx.context.logger.error("[watchword] The revocation log could not be read.");
        throw new APIError("SERVICE_UNAVAILABLE");
      }
    },
  );
}

async function isVerifier(verifier: Verifier, headers: Headers | undefined): Promise<boolean> {
  const [, token] = /^Bearer ([\w.-]+)$/i.exec(headers?.get("authorization") ?? "") ?? [];
  if (token === undefined) return false;
  try {
    const { userId } = await verifier.verify(token);
    return userId === feedToken.subject;
  } catch {
    return false;
  }
}

/**
 * Lets go of the verifiers that wait at the feed, up to 25 s each, so that a server that is told to stop can. They are
 * answered now, their connections end, and their next request meets the next process. Without the feed it does nothing.
 *
 * @param auth what `betterAuth()` has returned, with the plugin
 */
export async function releaseFollowers(auth: { readonly $context: Promise<object> }): Promise<void> {
  issuerOf({ context: await auth.$context }).feedService?.feed.release();
}

/**
 * Ends the connection of every answer once the followers have been let go (RFC 9112 §9.6): a verifier that asked again on
 * the one it has would keep the server from stopping for ever.
 */
export async function endConnection(
  { status, statusText, headers: given, body }: Response,
  context: AuthContext,
): Promise<{ response: Response } | undefined> {
  if (issuerOf({ context }).feedService?.feed.released !== true) return undefined;
  const headers = new Headers(given);
  headers.set("connection", "close");
  return { response: new Response(body, { status, statusText, headers }) };
}
