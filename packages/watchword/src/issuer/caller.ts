import type { AuthContext, GenericEndpointContext } from "better-auth";
import { getSessionFromCtx } from "better-auth/api";
import type { Clock } from "../clock.ts";
import {
  expireSessionCookies,
  liveSessions,
  nameTwoUsers,
  withSession,
} from "./protection/session-cookies.ts";
import { TokenRefusal } from "./refusals.ts";
import type { SignedIn } from "./signed-in.ts";

/**
 * Refuses pages that have no business with tokens. Better Auth itself looks at no origin for `GET`. A page of another site
 * passes where its origin is in `trustedOrigins`. A request whose only credential is an `Authorization` header passes: no
 * page can make a browser send one for somebody else.
 *
 * `Sec-Fetch-Site` (W3C Fetch Metadata §2.3) is looked at only for a request to the endpoint: in a call by `auth.api` the
 * headers are those of the page being rendered, and a link from another site leads there rightly.
 *
 * @throws TokenRefusal `CROSS_SITE_REQUEST`, `UNTRUSTED_ORIGIN`
 */
export function refuseForeignPage(
  ctx: Pick<GenericEndpointContext, "request" | "headers"> & {
    readonly context: Pick<AuthContext, "isTrustedOrigin" | "trustedOrigins">;
  },
): void {
  const { headers, request, context } = ctx;
  // As sent: bearer() of Better Auth turns the header into a cookie.
  const sent = request?.headers ?? headers;
  if (sent?.has("authorization") && !sent.has("cookie")) return;
  const origin = headers?.get("origin") ?? null;
  if (origin !== null && origin !== "null" && context.isTrustedOrigin(origin)) return;
  const crossSite = request?.headers.get("sec-fetch-site")?.toLowerCase() === "cross-site";
  if (crossSite) throw new TokenRefusal("CROSS_SITE_REQUEST");
  if (origin !== null) throw new TokenRefusal("UNTRUSTED_ORIGIN");
}

/**
 * Who is signed in, from the session store and never from the cookie cache: that one outlives a sign-out. Better Auth's own
 * reading is used so that a session in use is refreshed, except in a call by `auth.api`: what renders a page cannot set the
 * cookie that belongs to it. When it finds none, the store is asked once more, because it hides a failing store behind
 * "no session" and a client would sign its user out.
 *
 * @throws TokenRefusal `AMBIGUOUS_SESSION`, `NOT_SIGNED_IN`, `SESSION_STORE_UNAVAILABLE`
 */
export async function readSession(ctx: GenericEndpointContext, clock: Clock): Promise<SignedIn> {
  const headers = await oneSession(ctx);
  // A hook may have put one there from the cookie cache.
  ctx.context.session = null;
  const read = { disableCookieCache: true, disableRefresh: ctx.request === undefined };
  const found = (await getSessionFromCtx({ ...ctx, headers }, read)) ?? (await readStore(ctx));
  if (found === null) throw new TokenRefusal("NOT_SIGNED_IN");
  const expiresAt = new Date(found.session.expiresAt).getTime() / 1000;
  if (!(clock.now() < expiresAt)) throw new TokenRefusal("NOT_SIGNED_IN");
  return found;
}

/**
 * The headers with one session cookie. Of two that name two users one was planted, by a page of a sibling domain or for this path
 * alone. Better Auth takes the first, which proves nothing: its user's token would put what the other one does into a stranger's
 * account. Such a refusal removes both, so that signing in again cures it.
 */
async function oneSession(ctx: GenericEndpointContext): Promise<Headers | undefined> {
  const { headers, context } = ctx;
  const { name } = context.authCookies.sessionToken;
  if ((headers?.get("cookie") ?? "").split(`${name}=`).length <= 2) return headers;
  const live = await liveSessions(ctx).catch(() => {
    throw storeFailure(context);
  });
  const [first] = live;
  if (headers === undefined || first === undefined) return headers;
  if (nameTwoUsers(live)) {
    expireSessionCookies(ctx, ctx.path);
    throw new TokenRefusal("AMBIGUOUS_SESSION");
  }
  return withSession(headers, name, first);
}

function storeFailure({ logger }: AuthContext): TokenRefusal {
  logger.error("[watchword] The session store could not be read.");
  return new TokenRefusal("SESSION_STORE_UNAVAILABLE");
}

async function readStore(ctx: GenericEndpointContext): Promise<SignedIn | null> {
  const { authCookies, internalAdapter, secret } = ctx.context;
  const sessionToken = await ctx.getSignedCookie(authCookies.sessionToken.name, secret);
  if (!sessionToken) return null;
  try {
    return await internalAdapter.findSession(sessionToken);
  } catch {
    throw storeFailure(ctx.context);
  }
}
