import type { AuthContext } from "better-auth";
import { refuseForeignPage } from "./caller.ts";
import { issueToken } from "./issue.ts";
import { issuerOf } from "./issuer.ts";
import { isWatched } from "./path-watchers.ts";
import { signedValue } from "./protection/signed-cookie.ts";
import { TokenRefusal } from "./refusals.ts";
import type { SignedIn } from "./token-claims.ts";

const answerHeaders = { "content-type": "application/json", "cache-control": "no-store", pragma: "no-cache" };

/**
 * The same answer as the endpoint's, without Better Auth's dispatch: a third less work. Taken only when nothing
 * else of the application looks at the path, and only for a token that is given out: every refusal, a session that wants
 * refreshing, and whatever is unusual in a request go on to the endpoint. Rate limit and disabled paths come before.
 */
export function shortPath(tokenPath: string) {
  const watched = new WeakMap<object, boolean>();
  const isWatchedBy = (context: AuthContext): boolean => {
    const known = watched.get(context.options.plugins ?? context.options);
    if (known !== undefined) return known;
    const found = isWatched(context.options, tokenPath);
    watched.set(context.options.plugins ?? context.options, found);
    return found;
  };
  return async (request: Request, context: AuthContext): Promise<{ response: Response } | undefined> => {
    if (request.method !== "GET" || !request.url.includes(tokenPath)) return undefined;
    const query = queryOf(request.url, `${context.baseURL}${tokenPath}`);
    if (query === undefined || isWatchedBy(context)) return undefined;
    try {
      const { headers } = request;
      refuseForeignPage({ request, headers, context });
      const read = () => storedSession(headers, context);
      const answer = await issueToken(issuerOf({ context }), { context, headers, query, readSession: read });
      return { response: new Response(JSON.stringify(answer), { headers: answerHeaders }) };
    } catch {
      return undefined;
    }
  };
}

/**
 * The query of a request to the endpoint; `undefined` for another path, and for a query that names a parameter twice. The host has
 * no say: behind a proxy a request comes to another one. Most requests have the very address, and are not taken apart.
 */
function queryOf(url: string, endpoint: string): Record<string, string> | undefined {
  if (url === endpoint) return {};
  const { pathname, searchParams } = new URL(url);
  if (pathname !== new URL(endpoint).pathname) return undefined;
  const query = Object.fromEntries(searchParams);
  return Object.keys(query).length === searchParams.size ? query : undefined;
}

/** @throws TokenRefusal for whatever the endpoint has to look at */
async function storedSession(headers: Headers, context: AuthContext): Promise<SignedIn> {
  const { authCookies, internalAdapter, secret, options, sessionConfig } = context;
  const sessionToken = signedCookie(headers.get("cookie") ?? "", authCookies.sessionToken.name, secret);
  const found = sessionToken === undefined ? null : await internalAdapter.findSession(sessionToken);
  if (found === null) throw new TokenRefusal("NOT_SIGNED_IN");
  const end = new Date(found.session.expiresAt).getTime();
  const refreshAt = end - (sessionConfig.expiresIn - sessionConfig.updateAge) * 1000;
  const wantsRefresh = refreshAt <= Date.now() && !options.session?.disableSessionRefresh;
  const { clock } = issuerOf({ context }).policy;
  if (wantsRefresh || end <= Date.now() || !(clock.now() < end / 1000))
    throw new TokenRefusal("NOT_SIGNED_IN");
  return found;
}

/** The value of the one cookie of this name, when Better Auth has signed it. */
function signedCookie(cookies: string, name: string, secret: string): string | undefined {
  const start = `${name}=`;
  let found: string | undefined;
  for (const pair of cookies.split(";")) {
    const one = pair.trim();
    if (!one.startsWith(start)) continue;
    if (found !== undefined) return undefined;
    found = one.slice(start.length);
  }
  return found === undefined ? undefined : signedValue(decodeURIComponent(found), secret);
}
