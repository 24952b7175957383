import { removeCookie } from "../cookie-forms.ts";
import { requestIdFrom, requestIdHeader } from "../request-id.ts";
import type { ProxyEvent } from "./proxy-event.ts";
import { checkProxyOptions, type ProxyOptions, type ProxyPolicy } from "./proxy-options.ts";
import { refuseForeignPage } from "./proxy-page.ts";
import { isProxyRefusal, ProxyRefusal, proxyProblem } from "./proxy-refusal.ts";
import { chooseRoute, pathSegments } from "./proxy-routes.ts";
import { checkedSearch, sendUpstream } from "./proxy-upstream.ts";

/** What Next.js hands to the `route.ts` of a folder named `[...path]`. */
export interface ProxyContext {
  readonly params: Promise<{ readonly path: string[] }>;
}

/** What such a `route.ts` exports as `GET`, `POST`, … */
export type ProxyHandler = (request: Request, context: ProxyContext) => Promise<Response>;

/**
 * A route handler between the browser and the API, so that no token ever reaches the browser: it knows its user by the session
 * cookie and adds the token on the server. Put it into `app/api/bff/[...path]/route.ts`; the browser's side is
 * `createProxyFetch` of `watchword/client`.
 *
 * Refusals of its own are problem documents of type `urn:watchword:proxy:<code>`: 400 `malformed_request`, `ambiguous_session`,
 * `upgrade_refused` · 401 `not_signed_in` · 403 `foreign_page`, `wrong_subject` · 404 `not_found` · 405 `method_not_allowed` ·
 * 413 `body_too_large` · 502 `bad_answer` · 503 `unavailable`. What the API refuses is passed on as it is.
 *
 * The request's `X-Request-Id`, or one that is made here, goes to the token's event, to the API, into `onEvent` and back.
 *
 * @throws ConfigurationError for options that cannot be right
 */
export function createProxy(options: ProxyOptions): ProxyHandler {
  const policy = checkProxyOptions(options);
  return async (request, context) => {
    const facts: Facts = { requestId: requestIdFrom(request.headers.get(requestIdHeader)) };
    const begin = policy.clock.now();
    let answer: Response;
    try {
      answer = await forward(policy, request, (await context.params).path, facts);
    } catch (error) {
      const refusal = request.signal.aborted ? new ProxyRefusal("aborted") : error;
      if (!isProxyRefusal(refusal)) throw error;
      facts.code = refusal.code;
      facts.fault = faultOf(refusal);
      answer = proxyProblem(refusal, facts.allow === undefined ? {} : { Allow: facts.allow });
      facts.setCookies = [...(facts.setCookies ?? []), ...removals(refusal, request)];
    }
    // Whatever the answer is: a session that has been prolonged outlives a cookie that has not.
    for (const cookie of facts.setCookies ?? []) answer.headers.append("set-cookie", cookie);
    // The one that the API was given; it may have another for a word of its own.
    answer.headers.set(requestIdHeader, facts.requestId);
    report(policy, request, answer.status, facts, begin);
    return answer;
  };
}

/** A cookie that is removed may be of a path above the request's own. */
function removals({ removes }: ProxyRefusal, request: Request): readonly string[] {
  if (removes === undefined) return [];
  return removeCookie({ ...removes, url: new URL(new URL(request.url).pathname, removes.url) });
}

/** What is known of a request by the time it is answered. */
interface Facts {
  readonly requestId: string;
  code?: NonNullable<ProxyEvent["code"]>;
  fault?: string | undefined;
  route?: string;
  userId?: string;
  sessionId?: string;
  allow?: string;
  setCookies?: readonly string[];
}

async function forward(
  policy: ProxyPolicy,
  request: Request,
  parameter: unknown,
  facts: Facts,
): Promise<Response> {
  const { headers, method } = request;
  if (headers.has("upgrade")) throw new ProxyRefusal("upgrade_refused");
  if (!policy.methods.includes(method)) notAllowed(policy.methods, facts);
  refuseForeignPage(headers, method, policy.origins);
  const { pathname: asked, search } = new URL(request.url);
  // With `trailingSlash: true` Next.js ends every address with a slash.
  const pathname = asked.replace(/(?<!\/)\/$/, "");
  const segments = pathSegments(pathname, parameter);
  const query = checkedSearch(search);
  const session = await policy.tokens.session(headers, true);
  if (session !== null) {
    facts.userId = session.userId;
    facts.sessionId = session.sessionId;
    facts.setCookies = session.setCookies;
  }
  const { route, foreign, allow } = chooseRoute(policy.routes, segments, method, session?.userId);
  if (route !== undefined) facts.route = route.path;
  const known = foreign || allow.length > 0;
  const expected = headers.get("x-watchword-user");
  if (session === null && known && (expected !== null || !route?.anonymous)) {
    throw new ProxyRefusal("not_signed_in");
  }
  // Somebody else's address; or the page was made for somebody whose session another tab has replaced.
  if (foreign || (expected !== null && expected !== session?.userId)) throw new ProxyRefusal("wrong_subject");
  if (route === undefined) return known ? notAllowed(allow, facts) : notFound();
  const mount = pathname.slice(0, -segmentsLength(pathname, segments.length));
  const { requestId } = facts;
  return sendUpstream(policy, { request, segments, search: query, session, requestId, mount });
}

/** How many characters the last segments of a path take, with the slashes between them. */
function segmentsLength(pathname: string, count: number): number {
  return pathname.split("/").slice(-count).join("/").length;
}

function notAllowed(methods: readonly string[], facts: Facts): never {
  facts.allow = methods.join(", ");
  throw new ProxyRefusal("method_not_allowed");
}

function notFound(): never {
  throw new ProxyRefusal("not_found");
}

/** The system's or the library's word for what went wrong, from the innermost error that has one. */
function faultOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as { code?: unknown };
  const own = typeof code === "string" && /^[A-Z][A-Z0-9_]{2,63}$/.test(code) ? code : undefined;
  return faultOf(error.cause) ?? own;
}

function report(policy: ProxyPolicy, request: Request, status: number, facts: Facts, begin: number): void {
  const { code, route, userId, sessionId, fault, requestId } = facts;
  const now = policy.clock.now();
  const event: ProxyEvent = {
    name: code === undefined ? "watchword.proxy.forwarded" : "watchword.proxy.refused",
    at: now,
    method: request.method,
    status,
    ...(code !== undefined && { code }),
    ...(route !== undefined && { route }),
    ...(userId !== undefined && { userId }),
    ...(sessionId !== undefined && { sessionId }),
    ...(fault !== undefined && { fault }),
    requestId,
    seconds: now - begin,
  };
  // An audit log that fails, at once or later, must not fail the request.
  Promise.resolve()
    .then(() => policy.onEvent(event))
    .catch(() => {});
}
