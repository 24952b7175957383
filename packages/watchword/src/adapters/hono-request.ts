import type { Context } from "hono";
import type { ServerSocket } from "./environment-verifier.ts";
import { authorizationValues } from "./node-request.ts";

/** Every `Authorization` header apart, where the server shows them; Fetch joins them by a comma. */
export function authorizationOf(c: Context): string[] {
  const rawHeaders: unknown = c.env?.incoming?.rawHeaders;
  if (Array.isArray(rawHeaders)) return authorizationValues(rawHeaders);
  const joined = c.req.header("authorization");
  return joined === undefined ? [] : [joined];
}

/** The target as received, where the server shows it; Fetch percent-encodes what is not ASCII. */
export function targetOf(c: Context): string {
  const target: unknown = c.env?.incoming?.url;
  return typeof target === "string" ? target : new URL(c.req.url).pathname;
}

/** The socket of the request, where Node serves it. */
export function socketOf(c: Context): ServerSocket | undefined {
  return c.env?.incoming?.socket;
}
