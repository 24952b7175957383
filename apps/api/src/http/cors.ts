import type { MiddlewareHandler } from "hono";
import type { ApiEnvironment } from "./environment.ts";

const methods = "GET, HEAD, POST, PUT, PATCH, DELETE";
const requestHeaders = "Authorization, Content-Type, If-Match, Last-Event-ID, X-Request-Id";
const exposedHeaders = "ETag, Retry-After, Server-Timing, WWW-Authenticate, X-Request-Id";
const maxAgeSeconds = 600;

/**
 * Answers preflights before anything else is decided, and marks every other answer, errors too, as readable for the
 * listed origins (contract, HTTP rule 11).
 *
 * @param origins compared as exact text.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function cors(origins: readonly string[]): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const origin = c.req.header("Origin") || undefined;
    const listed = origin !== undefined && origins.includes(origin);
    const requestedMethod = c.req.header("Access-Control-Request-Method");
    const preflight = c.req.method === "OPTIONS" && origin !== undefined && requestedMethod !== undefined;

    if (listed) {
      c.header("Access-Control-Allow-Origin", origin);
      c.header("Access-Control-Allow-Credentials", "true");
      if (!preflight) c.header("Access-Control-Expose-Headers", exposedHeaders);
    }
    if (!preflight) return next();
    if (listed) {
      c.header("Access-Control-Allow-Methods", methods);
      c.header("Access-Control-Allow-Headers", requestHeaders);
      c.header("Access-Control-Max-Age", String(maxAgeSeconds));
    }
    return c.body(null, 204);
  };
}
