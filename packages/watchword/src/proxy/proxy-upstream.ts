import { type ProxyBody, proxyBody } from "./proxy-body.ts";
import { browserHeaders, isEvents, upstreamHeaders } from "./proxy-headers.ts";
import type { ProxyPolicy } from "./proxy-options.ts";
import { ProxyRefusal } from "./proxy-refusal.ts";
import { chooseRoute, pathSegments } from "./proxy-routes.ts";
import type { LiveSession } from "./session-tokens.ts";

/** A request that may be passed on. */
export interface UpstreamCall {
  readonly request: Request;
  readonly segments: readonly string[];
  /** With the question mark; percent-encoded as it came. */
  readonly search: string;
  /** Whose token it carries; `null` for a request without one. */
  readonly session: LiveSession | null;
  readonly requestId: string;
  /** The proxy's own path in front of the segments. */
  readonly mount: string;
}

/** An escape that is none, or stands for a control character. */
const badEscape = /%(?![0-9a-f]{2})|%[01][0-9a-f]|%7f/i;

/** @throws ProxyRefusal `malformed_request` for a query that could be read as something else on its way */
export function checkedSearch(search: string): string {
  if (badEscape.test(search) || /[^\x21-\x7e]/.test(search)) throw new ProxyRefusal("malformed_request");
  return search;
}

/**
 * Sends a request to the API and gives its answer as the browser may see it. A token that the API refuses is replaced once, where
 * the body can be sent again: what ended it need not have ended the session.
 *
 * @throws ProxyRefusal `not_signed_in`, `body_too_large`, `bad_answer`, `unavailable`, `aborted`
 */
export async function sendUpstream(policy: ProxyPolicy, call: UpstreamCall): Promise<Response> {
  const body = await proxyBody(call.request, policy.maxBodyBytes);
  const { requestId } = call;
  const token = call.session && (await tokenOf(policy, call.session, requestId));
  const answer = await sent(policy, call, body, token);
  if (answer.status !== 401 || call.session === null || token === null) return shown(policy, call, answer);
  const another = body.repeatable ? await policy.tokens.replacement(call.session, token, requestId) : null;
  if (another === null) {
    // A body that has flowed through cannot be sent again, but the next request starts afresh.
    if (!body.repeatable) policy.tokens.forget(call.session.sessionId);
    return shown(policy, call, answer);
  }
  await answer.body?.cancel();
  return shown(policy, call, await sent(policy, call, body, another));
}

async function tokenOf({ tokens }: ProxyPolicy, session: LiveSession, requestId: string): Promise<string> {
  const token = await tokens.token(session, requestId);
  if (token === null) throw new ProxyRefusal("not_signed_in");
  return token;
}

/** The address is put together from checked parts; what the URL parser makes of it must be the very same. */
function address({ upstream }: ProxyPolicy, { segments, search }: UpstreamCall): string {
  const path = `${upstream.path}/${segments.map(encodeURIComponent).join("/")}`;
  const url = new URL(`${upstream.origin}${path}${search}`);
  if (url.origin !== upstream.origin || url.pathname !== path || url.hash !== "") {
    throw new ProxyRefusal("not_found");
  }
  return url.href;
}

async function sent(policy: ProxyPolicy, call: UpstreamCall, body: ProxyBody, token: string | null) {
  const { request, requestId } = call;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), policy.timeoutSeconds * 1000);
  try {
    return await policy.fetch(address(policy, call), {
      method: request.method,
      headers: upstreamHeaders(request.headers, policy.headers, { token, requestId }),
      body: body.content,
      ...(body.content !== null && { duplex: "half" }),
      redirect: "manual",
      cache: "no-store",
      credentials: "omit",
      // Also while the answer flows: who goes away ends it there too.
      signal: AbortSignal.any([request.signal, patience.signal]),
    });
  } catch (cause) {
    if (cause instanceof ProxyRefusal) throw cause;
    if (body.overrun()) throw new ProxyRefusal("body_too_large");
    if (request.signal.aborted) throw new ProxyRefusal("aborted");
    throw new ProxyRefusal("unavailable", { cause });
  } finally {
    clearTimeout(timer);
  }
}

function shown(policy: ProxyPolicy, call: UpstreamCall, answer: Response): Response {
  const { status } = answer;
  // A redirect would take the browser, or the token, to where nobody has allowed it to go.
  if (status < 200 || (status >= 300 && status < 400 && status !== 304)) {
    answer.body?.cancel().catch(() => {});
    throw new ProxyRefusal("bad_answer");
  }
  const headers = browserHeaders(answer.headers, policy.headers);
  const created = status === 201 ? createdAt(policy, call, answer.headers.get("location")) : undefined;
  if (created !== undefined) headers.set("location", created);
  const bodiless = status === 204 || status === 205 || status === 304 || call.request.method === "HEAD";
  if (bodiless || answer.body === null) return new Response(null, { status, headers });
  const { closing } = policy;
  // Broken off, not ended: a connection that is kept would carry the page's next attempt, and hold the server up again.
  const body =
    closing !== undefined && isEvents(answer.headers)
      ? answer.body.pipeThrough(new TransformStream(), { signal: closing })
      : answer.body;
  return new Response(body, { status, headers });
}

/** Where the proxy shows what the API has created; `undefined` for anything that could not be asked for here. */
function createdAt(policy: ProxyPolicy, call: UpstreamCall, location: string | null): string | undefined {
  const { upstream } = policy;
  const base = address(policy, call);
  if (location === null || !URL.canParse(location, base)) return undefined;
  const { origin, pathname, search } = new URL(location, base);
  if (origin !== upstream.origin || !pathname.startsWith(`${upstream.path}/`)) return undefined;
  const rest = pathname.slice(upstream.path.length + 1);
  try {
    const segments = pathSegments(rest, rest.split("/").map(decodeURIComponent));
    const { route } = chooseRoute(policy.routes, segments, "GET", call.session?.userId);
    return route && `${call.mount}${rest}${checkedSearch(search)}`;
  } catch {
    return undefined;
  }
}
