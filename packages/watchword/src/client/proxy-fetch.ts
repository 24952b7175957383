import { ConfigurationError } from "../errors.ts";
import { requestIdFrom, requestIdHeader } from "../request-id.ts";
import { abortError, firstOf, throwIfAborted } from "./abort.ts";
import { resolveUrl } from "./api-origin.ts";
import type { AuthFetch, AuthFetchInit } from "./auth-fetch.ts";
import { NetworkError } from "./errors.ts";
import type { FetchInput } from "./outgoing-call.ts";

/** Options of {@link createProxyFetch}. */
export interface ProxyFetchOptions {
  /** Where the proxy stands on this page's own origin, for example `/api/bff`. */
  readonly path: string;
  /** For whom the page was made. The proxy refuses, with 403, once the browser's session is another user's. */
  readonly userId?: string;
  /** Sends the calls. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/** One segment after another, none of which could be read as something else. */
const plainPath = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/;

/**
 * The counterpart of `createAuthFetch` for an application whose tokens stay on its server: the same `fetch`, no token. What goes to the proxy carries the session cookie and the header that only the application's own script can send
 * (`X-Watchword`), and an `X-Request-Id`: the caller's own or a new one. A call to anywhere else is passed on unchanged.
 *
 * `clear()` ends the calls that are under way with an AbortError: their answers belong to whoever was signed in before.
 *
 * @throws ConfigurationError when `path` cannot be right
 */
export function createProxyFetch(options: ProxyFetchOptions): AuthFetch {
  const { path, userId } = options;
  if (!plainPath.test(path)) {
    throw new ConfigurationError(
      "path must be where the proxy stands on this origin, such as /api/bff, without a slash at the end.",
    );
  }
  let tenure = new AbortController();
  // Whether the application ends its addresses with a slash (`trailingSlash: true` of Next.js); learned from its redirect.
  let isSlashed = false;

  async function proxyFetch(input: FetchInput, init: AuthFetchInit = {}): Promise<Response> {
    const { auth = true, ...rest } = init instanceof Request ? { ...requestInit(init) } : init;
    const target = input instanceof Request ? input : resolveUrl(input);
    const url = target instanceof Request ? new URL(target.url) : target;
    const bound = auth && isProxy(url, path);
    // `duplex` says how a body that is a stream is sent, and nothing about any other.
    const request = new Request(target, { duplex: "half", ...rest, ...(bound && ownMode) } as RequestInit);
    throwIfAborted(request.signal);
    if (bound) {
      request.headers.delete("authorization");
      request.headers.set("x-watchword", "1");
      request.headers.set(requestIdHeader, requestIdFrom(request.headers.get(requestIdHeader)));
      if (userId !== undefined) request.headers.set("x-watchword-user", userId);
    }
    const signals = bound ? [request.signal, tenure.signal] : [request.signal];
    const signal = firstOf(signals);
    const send = (one: Request) => reach(options.fetch ?? globalThis.fetch, one, signal, url);
    if (!bound) return send(request);
    const slashed = withSlash(url);
    if (isSlashed) return refuseRedirect(await send(new Request(slashed, request)), url);
    const again = request.clone();
    const response = await send(request);
    if (!isRedirect(response) || url.pathname.endsWith("/")) {
      again.body?.cancel().catch(() => {});
      return refuseRedirect(response, url);
    }
    const second = refuseRedirect(await send(new Request(slashed, again)), url);
    isSlashed = true;
    return second;
  }

  function clear(): void {
    tenure.abort(abortError("The call was given up because its user has left."));
    tenure = new AbortController();
  }

  return Object.assign(proxyFetch, { clear });
}

/** The proxy answers itself: where it leads away, something else stands in its place, and is not followed. */
const ownMode = { mode: "same-origin", credentials: "same-origin", redirect: "manual" } as const;

/** Browsers hide where a redirect leads; Node.js shows it. */
function isRedirect({ type, status }: Response): boolean {
  return type === "opaqueredirect" || (status >= 301 && status <= 308 && status !== 304);
}

function refuseRedirect(response: Response, { pathname }: URL): Response {
  if (!isRedirect(response)) return response;
  throw new NetworkError(
    `The web application answers ${pathname} with a redirect, and the proxy never does. Check that path names the proxy, and that nothing redirects it.`,
  );
}

function withSlash(url: URL): URL {
  const slashed = new URL(url);
  if (!slashed.pathname.endsWith("/")) slashed.pathname += "/";
  return slashed;
}

function isProxy(url: URL, path: string): boolean {
  return url.origin === globalThis.location?.origin && url.pathname.startsWith(`${path}/`);
}

/** Members of a `Request` are read from its prototype and do not survive a copy. */
function requestInit(init: Request): RequestInit {
  const { method, headers, body, signal } = init;
  return { method, headers, body, signal };
}

async function reach(
  send: typeof globalThis.fetch,
  request: Request,
  signal: AbortSignal,
  url: URL,
): Promise<Response> {
  try {
    return await send(request, { signal });
  } catch (cause) {
    throwIfAborted(signal);
    throw new NetworkError(`Could not reach ${url.origin}. Check the connection and try again.`, { cause });
  }
}
