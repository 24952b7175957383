import type { AuthContext, BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { parseCookies } from "better-auth/cookies";
import { removeCookie } from "../../cookie-forms.ts";
import type { SignedIn } from "../signed-in.ts";
import { signedValue } from "./signed-cookie.ts";

type BeforeHook = NonNullable<NonNullable<BetterAuthPlugin["hooks"]>["before"]>[number];

/**
 * Better Auth's cookie cache answers for a session that has ended until it runs out, and is renewed by several paths. Here it
 * answers `GET /get-session` alone, which pages read. For every other path the request comes without it, so that the
 * session is read from the store.
 *
 * Of several session cookies one whose session lives is left: Better Auth would take the first, whatever it is. Those of two
 * users are left to the token endpoint, which refuses them.
 */
export const storedSessions: BeforeHook = {
  matcher: ({ headers }) => headers?.has("cookie") === true,
  handler: createAuthMiddleware(async (ctx) => {
    const { authCookies, options } = ctx.context;
    const { headers } = ctx;
    if (headers === undefined) return;
    const cookies = cookiePairs(headers);
    let kept = cookies;
    const isCacheRead = ctx.path === "/get-session" && ctx.method === "GET";
    if (options.session?.cookieCache?.enabled && !isCacheRead) {
      kept = kept.filter(({ name }) => !isChunkOf(name, authCookies.sessionData.name));
      // A hook may have read one from the cookie cache.
      ctx.context.session = null;
    }
    if (kept.filter(({ name }) => name === authCookies.sessionToken.name).length > 1) {
      const live = await liveSessions(ctx);
      if (!nameTwoUsers(live)) kept = keepOne(kept, authCookies.sessionToken.name, live[0]?.pair);
    }
    // Better Auth hands this very object to the hooks that follow, and to the endpoint.
    if (kept.length < cookies.length) headers.set("cookie", kept.map(({ pair }) => pair).join("; "));
  }),
};

/** One cookie of a request, as sent. */
interface CookiePair {
  readonly name: string;
  readonly pair: string;
}

function cookiePairs(headers: Headers): readonly CookiePair[] {
  const pairs = (headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs.map((pair) => ({ name: pair.split("=", 1)[0]?.trim() ?? "", pair }));
}

/** Better Auth cuts a long value into `<name>.0`, `<name>.1` and so on. */
function isChunkOf(name: string, cookie: string): boolean {
  return name === cookie || (name.startsWith(`${cookie}.`) && /^\d+$/.test(name.slice(cookie.length + 1)));
}

function keepOne(
  cookies: readonly CookiePair[],
  name: string,
  pair: string | undefined,
): readonly CookiePair[] {
  let isKept = false;
  return cookies.filter((cookie) => {
    if (cookie.name !== name) return true;
    if (isKept || (pair !== undefined && cookie.pair !== pair)) return false;
    isKept = true;
    return true;
  });
}

/** A session cookie whose signature holds and whose session lives. */
export interface LiveSession {
  readonly pair: string;
  readonly signedIn: SignedIn;
}

export function nameTwoUsers(sessions: readonly LiveSession[]): boolean {
  return new Set(sessions.map(({ signedIn }) => signedIn.user.id)).size > 1;
}

/** What a request's session cookies stand for, each session once. Rejects when the store cannot be read. */
export async function liveSessions(
  ctx: Pick<GenericEndpointContext, "headers"> & {
    readonly context: Pick<AuthContext, "authCookies" | "secret" | "internalAdapter">;
  },
): Promise<readonly LiveSession[]> {
  const { authCookies, secret, internalAdapter } = ctx.context;
  const { name } = authCookies.sessionToken;
  const found = new Map<string, LiveSession>();
  for (const cookie of cookiePairs(ctx.headers ?? new Headers())) {
    if (cookie.name !== name) continue;
    const value = parseCookies(cookie.pair).get(name) ?? "";
    const token = signedValue(value, secret);
    if (token === undefined || found.has(token)) continue;
    const signedIn = await internalAdapter.findSession(token);
    if (signedIn === null || new Date(signedIn.session.expiresAt).getTime() <= Date.now()) continue;
    found.set(token, { pair: cookie.pair, signedIn });
  }
  return [...found.values()];
}

/** The request's headers with one session cookie, for Better Auth's own reading. */
export function withSession(headers: Headers, name: string, { pair }: LiveSession): Headers {
  const kept = keepOne(cookiePairs(headers), name, pair);
  const changed = new Headers(headers);
  changed.set("cookie", kept.map((cookie) => cookie.pair).join("; "));
  return changed;
}

/** Removes the session cookie from the browser, with the answer to come. */
export function expireSessionCookies(ctx: GenericEndpointContext, path: string): void {
  const { authCookies, baseURL } = ctx.context;
  const { name, attributes } = authCookies.sessionToken;
  const { secure = false, domain } = attributes;
  for (const cookie of removeCookie({ name, url: new URL(`${baseURL}${path}`), secure, domain }))
    ctx.responseHeaders.append("set-cookie", cookie);
}
