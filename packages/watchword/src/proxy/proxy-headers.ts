import { ConfigurationError } from "../errors.ts";
import { requestIdHeader } from "../request-id.ts";

/** What of a browser's request reaches the API. Everything else is left out, whatever it is called. */
const fromBrowser = [
  "accept",
  "accept-language",
  "content-type",
  "idempotency-key",
  "if-match",
  "if-none-match",
  "last-event-id",
  "prefer",
];

/** What of the API's answer reaches the browser. */
const fromApi = [
  "content-disposition",
  "content-language",
  "content-type",
  "etag",
  "last-modified",
  "preference-applied",
  "retry-after",
];

/**
 * Never handed on, in either direction: they say who somebody is, where a request comes from or goes to, or belong to one
 * connection alone (RFC 9110 §7.6.1).
 */
const neverPassed =
  /^(?:authorization|www-authenticate|cookie|set-cookie2?|host|origin|referer|forwarded|via|location|refresh|content-length|content-encoding|accept-encoding|connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|x-forwarded-.*|x-real-ip|x-http-method.*|x-method-override|x-watchword.*|(?:x-)?remote-user|x-user.*|x-auth.*|impersonate-.*|proxy-.*|sec-.*|access-control-.*|clear-site-data|strict-transport-security|content-security-policy.*|service-worker-.*|next-.*|rsc|x-middleware-.*|x-nextjs-.*|set-auth-.*)$/;

/** Which headers pass, by direction; names in lower case. */
export interface HeaderLists {
  readonly request: readonly string[];
  readonly response: readonly string[];
}

/**
 * The usual lists and what the configuration adds.
 *
 * @throws ConfigurationError for one that must not pass
 */
export function headerLists(request: readonly string[] = [], response: readonly string[] = []): HeaderLists {
  return {
    request: [...fromBrowser, ...request.map(checked)],
    response: [...fromApi, ...response.map(checked)],
  };
}

function checked(given: string): string {
  const name = given.toLowerCase();
  if (/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) && !neverPassed.test(name)) return name;
  throw new ConfigurationError(
    `The header ${given} is not one that a proxy may pass on. Take it out of the list.`,
  );
}

/** What goes along with a request to the API beside what the browser sent. */
export interface Addition {
  /** `null` for a request of nobody. */
  readonly token: string | null;
  readonly requestId: string;
}

export function upstreamHeaders(given: Headers, lists: HeaderLists, { token, requestId }: Addition): Headers {
  const headers = picked(given, lists.request);
  headers.set(requestIdHeader, requestId);
  // `fetch` would unpack what comes compressed, and the length and coding it names would be wrong.
  headers.set("accept-encoding", "identity");
  if (token !== null) headers.set("authorization", `Bearer ${token}`);
  return headers;
}

/**
 * What the browser is told. Nothing of it is stored: it depends on a cookie. It stands on the application's own origin, so the API
 * could otherwise speak as the application: it is shown by no page, run as no script and guessed to be nothing else.
 */
export function browserHeaders(given: Headers, lists: HeaderLists): Headers {
  const headers = picked(given, lists.response);
  const events = isEvents(given);
  // Without the second, compression in front would hold events back until enough of them have come.
  headers.set("cache-control", events ? "no-store, no-transform" : "no-store");
  if (events) headers.set("x-accel-buffering", "no");
  headers.set("vary", "Cookie");
  headers.set("x-content-type-options", "nosniff");
  headers.set("content-security-policy", "default-src 'none'; sandbox");
  return headers;
}

/** Whether an answer is a stream of server-sent events. */
export const isEvents = (headers: Headers) =>
  /^text\/event-stream\b/i.test(headers.get("content-type") ?? "");

function picked(given: Headers, names: readonly string[]): Headers {
  const headers = new Headers();
  for (const name of names) {
    const value = given.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}
