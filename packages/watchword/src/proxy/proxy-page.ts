import { ProxyRefusal } from "./proxy-refusal.ts";

/** Sent by the application's own script. A form, an image or a link cannot, and a foreign script is stopped by CORS before it does. */
const ownHeader = "x-watchword";

/**
 * Refuses what was not sent by a script of one of the application's own pages. The browser adds the session cookie to any request,
 * so it proves nothing about who wrote it. Each of these would do alone in a browser without faults:
 *
 * - the header `X-Watchword: 1` (OAuth 2.0 for Browser-Based Applications §6.1.3.3.3, custom request header);
 * - `Origin` (RFC 6454 §7), which has to be there for anything that changes something; `null` is nobody's;
 * - `Sec-Fetch-Site` (W3C Fetch Metadata §2.3): a sibling domain is a foreign page too.
 *
 * @param origins of the application, as configured: the `Host` header has no say
 * @throws ProxyRefusal `foreign_page`
 */
export function refuseForeignPage(headers: Headers, method: string, origins: readonly string[]): void {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  const reads = method === "GET" || method === "HEAD";
  const own =
    headers.get(ownHeader) === "1" &&
    (site === null || site.toLowerCase() === "same-origin") &&
    (origin === null ? reads : origins.includes(origin));
  if (!own) throw new ProxyRefusal("foreign_page");
}
