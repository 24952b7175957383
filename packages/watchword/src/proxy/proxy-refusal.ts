import type { CookieForms } from "../cookie-forms.ts";

interface ProxyEntry {
  /** HTTP status. */
  readonly status: number;
  readonly title: string;
  /** A sentence for the person in front of the page. It holds nothing that was sent. */
  readonly detail: string;
}

/** Why the proxy itself refuses, as in `contract/proxy-errors.json`; what the API refuses keeps the API's own problem document. */
export const proxyRefusals = {
  malformed_request: {
    status: 400,
    title: "Malformed request",
    detail: "The address or the headers of the request are not well-formed.",
  },
  ambiguous_session: {
    status: 400,
    title: "More than one session",
    detail: "The browser sent the session cookies of two users. Sign in again.",
  },
  upgrade_refused: {
    status: 400,
    title: "No other protocol",
    detail: "The connection stays with HTTP: an upgrade to another protocol is not offered.",
  },
  not_signed_in: {
    status: 401,
    title: "Not signed in",
    detail: "You are not signed in, or your session has ended. Sign in and try again.",
  },
  foreign_page: {
    status: 403,
    title: "Not from this application",
    detail: "The request was not sent by a page of this application.",
  },
  wrong_subject: {
    status: 403,
    title: "Access denied",
    detail: "Access denied. You can only access your own resources.",
  },
  not_found: { status: 404, title: "Not found", detail: "Resource not found." },
  method_not_allowed: {
    status: 405,
    title: "Method not allowed",
    detail: "This resource does not support the method. See the Allow header.",
  },
  body_too_large: {
    status: 413,
    title: "Body too large",
    detail: "The request body is larger than this application passes on.",
  },
  aborted: { status: 499, title: "Given up", detail: "The request was given up by who sent it." },
  bad_answer: {
    status: 502,
    title: "Unusable answer",
    detail: "The service behind this application answered in a way that is not passed on.",
  },
  unavailable: {
    status: 503,
    title: "Service unavailable",
    detail: "The service is temporarily unavailable. Try again shortly.",
  },
} as const satisfies Record<string, ProxyEntry>;

/** The closed union of the proxy's own codes. */
export type ProxyRefusalCode = keyof typeof proxyRefusals;

/** How long to wait before trying again, in seconds. */
const RETRY_AFTER_SECONDS = 5;

/** A request that the proxy does not pass on, or whose answer it does not pass back. */
export class ProxyRefusal extends Error {
  override readonly name = "ProxyRefusal";
  readonly code: ProxyRefusalCode;
  /** HTTP status. */
  readonly status: number;

  /** The cookie that the answer removes from the browser. */
  readonly removes: CookieForms | undefined;

  constructor(code: ProxyRefusalCode, options: ErrorOptions & { readonly removes?: CookieForms } = {}) {
    super(proxyRefusals[code].detail, options);
    this.code = code;
    this.removes = options.removes;
    this.status = proxyRefusals[code].status;
  }
}

/**
 * Whether an error is a refusal, also one of another copy of this module: a bundler may give the pages and the route handlers of one
 * server a copy each, and the session tokens that they share were made by one of the two.
 */
export function isProxyRefusal(error: unknown): error is ProxyRefusal {
  return (
    error instanceof Error &&
    error.name === "ProxyRefusal" &&
    "code" in error &&
    Object.hasOwn(proxyRefusals, String(error.code))
  );
}

/** The problem document (RFC 9457) of a refusal; its `type` says that it is not the API's. */
export function proxyProblem({ code, status }: ProxyRefusal, headers: Readonly<Record<string, string>> = {}) {
  const { title, detail } = proxyRefusals[code];
  const body = { type: `urn:watchword:proxy:${code}`, title, status, detail, code };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ...(code === "unavailable" && { "Retry-After": String(RETRY_AFTER_SECONDS) }),
      ...headers,
    },
  });
}
