import type { Context } from "hono";
import { authorizationValues } from "./node-request.ts";

/**
 * Forbids to store the answer, on Node's own message: on the response it would cost more than the verification.
 *
 * @returns whether there is such a message.
 */
export function marksMessage(c: Context): boolean {
  const message: unknown = c.env?.outgoing;
  if (typeof message !== "object" || message === null || !("setHeader" in message)) return false;
  if (typeof message.setHeader !== "function") return false;
  message.setHeader("Cache-Control", "no-store");
  return true;
}

/** Forbids to store the answer, unless the handler has said something about it. */
export function markResponse(c: Context): void {
  if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
}

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
