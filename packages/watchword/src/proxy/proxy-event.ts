import type { ProxyRefusalCode } from "./proxy-refusal.ts";

/** A request to the proxy, once its answer begins. Nothing in it is secret: it holds ids and codes, no token, no path as asked. */
export interface ProxyEvent {
  /** `forwarded`: the API answered. `refused`: the proxy did, and `code` says why. */
  readonly name: "watchword.proxy.forwarded" | "watchword.proxy.refused";
  /** Seconds since 1970. */
  readonly at: number;
  readonly method: string;
  /** The route of the configuration that it fell under. */
  readonly route?: string;
  /** HTTP status that the browser was answered. */
  readonly status: number;
  readonly code?: ProxyRefusalCode;
  /** The system's word for why the API or the session store could not be reached, such as `ECONNREFUSED`. */
  readonly fault?: string;
  readonly userId?: string;
  readonly sessionId?: string;
  /** `X-Request-Id` of the request, when it is 8–64 letters, digits, `_` or `-`; otherwise one that the proxy has made. */
  readonly requestId: string;
  /** From the request's arrival to the beginning of its answer, in seconds. */
  readonly seconds: number;
}
