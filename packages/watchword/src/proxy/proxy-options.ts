import { isPrivateOnItsWay, readAddress } from "../address.ts";
import { type Clock, systemClock } from "../clock.ts";
import { ConfigurationError } from "../errors.ts";
import type { ProxyEvent } from "./proxy-event.ts";
import { type HeaderLists, headerLists } from "./proxy-headers.ts";
import { type ProxyRoute, type RoutePattern, routePattern } from "./proxy-routes.ts";
import type { SessionTokens } from "./session-tokens.ts";

/** Options of {@link createProxy}. */
export interface ProxyOptions {
  /** Where the tokens of the signed-in users come from: `createSessionTokens({ auth })`. */
  readonly tokens: SessionTokens;
  /** Address of the API as this server reaches it, `https:` or on this machine; it may have a path. Nothing is sent elsewhere. */
  readonly upstream: string;
  /** Spelled out for a network of one's own: tokens may go to `upstream` in the clear. Default false. */
  readonly allowHttp?: boolean | undefined;
  /** Origin of the application, such as `https://app.example.com`. Never taken from a request. */
  readonly origin: string;
  /** Every address of the API that may be asked for; everything else is 404. */
  readonly routes: readonly (string | ProxyRoute)[];
  /** Methods that are passed on. Default: GET, HEAD, POST, PUT, PATCH, DELETE. */
  readonly methods?: readonly string[] | undefined;
  /** Further headers of the browser that reach the API. */
  readonly requestHeaders?: readonly string[] | undefined;
  /** Further headers of the API that reach the browser. */
  readonly responseHeaders?: readonly string[] | undefined;
  /** Largest body of a request, in bytes. Default 1048576 (1 MiB). */
  readonly maxBodyBytes?: number | undefined;
  /** How long the API may take until its answer begins, in seconds. Default 60. A body that has begun may take as long as it will. */
  readonly timeoutSeconds?: number | undefined;
  /**
   * Fires when the server is told to stop: streams of events, which may have no end of their own, are broken off then. Without it a
   * server that waits for its open answers waits until the last page is closed.
   */
  readonly closing?: AbortSignal | undefined;
  /** Called once per request. What it throws is thrown away and changes nothing. */
  readonly onEvent?: ((event: ProxyEvent) => void | Promise<void>) | undefined;
  readonly clock?: Clock | undefined;
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** The options once checked, every default filled in. */
export interface ProxyPolicy {
  readonly tokens: SessionTokens;
  /** Without a slash at the end of its path. */
  readonly upstream: { readonly origin: string; readonly path: string };
  readonly origins: readonly string[];
  readonly routes: readonly RoutePattern[];
  readonly methods: readonly string[];
  readonly headers: HeaderLists;
  readonly maxBodyBytes: number;
  readonly timeoutSeconds: number;
  readonly closing: AbortSignal | undefined;
  readonly onEvent: (event: ProxyEvent) => void | Promise<void>;
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
}

const knownMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** @throws ConfigurationError for options that cannot be right */
export function checkProxyOptions(options: ProxyOptions): ProxyPolicy {
  const { methods = knownMethods, maxBodyBytes = 1_048_576, timeoutSeconds = 60 } = options;
  const unknown = methods.find((method) => !knownMethods.includes(method));
  if (unknown !== undefined || methods.length === 0) {
    throw new ConfigurationError(
      `The proxy's methods list ${unknown ?? "none"}; use some of ${knownMethods.join(", ")}.`,
    );
  }
  if (options.routes.length === 0) {
    throw new ConfigurationError(
      "The proxy needs the routes of the API that it passes on, such as /api/{user_id}/tasks/**.",
    );
  }
  if (!Number.isInteger(maxBodyBytes) || maxBodyBytes < 0) {
    throw new ConfigurationError("maxBodyBytes must be a whole number of bytes, 0 or more.");
  }
  if (!(timeoutSeconds > 0 && timeoutSeconds <= 600)) {
    throw new ConfigurationError("timeoutSeconds must be a number of seconds from above 0 to 600.");
  }
  return {
    tokens: options.tokens,
    upstream: upstreamAddress(options.upstream, options.allowHttp === true),
    origins: [ownOrigin(options.origin)],
    routes: options.routes.map((route) => routePattern(route, methods)),
    methods,
    headers: headerLists(options.requestHeaders, options.responseHeaders),
    maxBodyBytes,
    timeoutSeconds,
    closing: options.closing,
    onEvent: options.onEvent ?? (() => {}),
    clock: options.clock ?? systemClock,
    // Looked up with each request: frameworks and tests put another one in its place.
    fetch: options.fetch ?? ((...call) => globalThis.fetch(...call)),
  };
}

function upstreamAddress(text: string, allowHttp: boolean): ProxyPolicy["upstream"] {
  const url = readAddress(text);
  if (url === undefined || url.search !== "" || url.hash !== "") {
    throw new ConfigurationError(
      "The proxy's upstream must be the address of the API, such as https://api.example.com, without a query.",
    );
  }
  if (!isPrivateOnItsWay(url) && !allowHttp) {
    throw new ConfigurationError(
      "The proxy's upstream is an http: address outside of this machine. Use https:, or set allowHttp to send tokens in the clear.",
    );
  }
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, "") };
}

function ownOrigin(text: string): string {
  const url = readAddress(text);
  if (url !== undefined && url.origin === text.replace(/\/$/, "")) return url.origin;
  throw new ConfigurationError(
    "The proxy's origin must be that of the application: scheme, host and port, such as https://app.example.com.",
  );
}
