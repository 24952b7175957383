import type { MiddlewareHandler } from "hono";
import type { Clock } from "watchword";
import type { Log } from "../log.ts";
import type { ApiEnvironment } from "./environment.ts";
import { routeTemplateOf } from "./operations.ts";

/** Those of RFC 9110 §9 and RFC 5789. Another is the sender's word, which could be anything. */
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"];

/**
 * One line per request: the route's template rather than the URL, and the code of a refusal. Headers, queries, bodies
 * and tokens are never logged.
 */
export function requestLog(log: Log, clock: Clock): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const start = clock.now();
    await next();
    log.info("watchword.http.request", {
      "http.request.id": c.get("requestId"),
      "http.request.method": methods.includes(c.req.method) ? c.req.method : "_OTHER",
      "http.route": routeTemplateOf(c),
      "http.response.status_code": c.res.status,
      "http.server.request.duration": Math.round((clock.now() - start) * 1_000_000) / 1_000_000,
      "error.type": c.get("refusal"),
    });
  };
}
