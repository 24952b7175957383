import type { MiddlewareHandler } from "hono";
import { requestIdFrom } from "watchword";
import type { ApiEnvironment } from "./environment.ts";

/** The fields of every answer, whatever it is (contract, HTTP rule 10). */
export function standardHeaders(requestId: string): Record<string, string> {
  return {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    Vary: "Origin",
    "X-Request-Id": requestId,
  };
}

/**
 * Gives the request its id and the answer its standard fields; a HEAD answer also gets the length of its GET, unless that
 * is a stream.
 */
export const answerHeaders: MiddlewareHandler<ApiEnvironment> = async (c, next) => {
  const requestId = requestIdFrom(c.req.header("X-Request-Id"));
  c.set("requestId", requestId);
  for (const [name, value] of Object.entries(standardHeaders(requestId))) c.header(name, value);
  await next();
  if (c.req.method === "HEAD" && c.res.headers.get("Content-Type") !== "text/event-stream") {
    const body = await c.res.clone().arrayBuffer();
    c.header("Content-Length", String(body.byteLength));
  }
};
