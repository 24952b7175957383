import type { Clock } from "countersign";
import type { MiddlewareHandler } from "hono";
import type { Logger } from "pino";
import type { ApiEnvironment } from "./environment.ts";
import { routeTemplateOf } from "./operations.ts";

/**
 * One line per request: the route's template rather than the URL, and the code of a refusal. Headers, queries, bodies
 * and tokens are never logged.
 */
export function requestLog(logger: Logger, clock: Clock): MiddlewareHandler<ApiEnvironment> {
  return async (c, next) => {
    const start = clock.now();
    await next();
    const code = c.get("refusal");
    logger.info({
      event: "request",
      requestId: c.get("requestId"),
      method: c.req.method,
      route: routeTemplateOf(c),
      status: c.res.status,
      durationMs: Math.round((clock.now() - start) * 1_000_000) / 1000,
      ...(code === undefined ? {} : { code }),
    });
  };
}
