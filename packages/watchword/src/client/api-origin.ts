import { ConfigurationError } from "../errors.ts";

/**
 * The API's origin in the form that `URL.origin` has.
 *
 * @throws ConfigurationError when it is no origin, or is `http:` on another machine, where a token could be read
 */
export function parseApiOrigin(apiOrigin: string | URL, allowHttp = false): string {
  const url = parse(apiOrigin);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new ConfigurationError("apiOrigin must be an absolute URL such as https://api.example.com.");
  }
  if (
    url.username !== "" ||
    url.password !== "" ||
    url.pathname !== "/" ||
    url.search !== "" ||
    url.hash !== ""
  ) {
    throw new ConfigurationError("apiOrigin must be an origin only: scheme, host and port, without a path.");
  }
  if (url.protocol === "http:" && allowHttp !== true && !isLoopback(url.hostname)) {
    throw new ConfigurationError(
      "apiOrigin must be https: over http a token can be read by anyone on the way. Set allowHttp for a network that you trust.",
    );
  }
  return url.origin;
}

/**
 * The absolute URL that `fetch` would ask for, relative ones resolved against the page.
 *
 * @throws TypeError when it is no URL, or is relative where there is no page
 */
export function resolveUrl(input: string | URL): URL {
  const base = globalThis.document?.baseURI ?? globalThis.location?.href;
  const url = parse(input, base);
  if (url !== null) return url;
  const hint = base === undefined ? " A relative URL needs a page; on a server, pass an absolute one." : "";
  throw new TypeError(`authFetch was given a URL that cannot be resolved.${hint}`);
}

function parse(url: string | URL, base?: string): URL | null {
  try {
    return new URL(url, base);
  } catch {
    return null;
  }
}

/** `localhost`, names under it (RFC 6761 §6.3), 127.0.0.0/8 and ::1. `URL` has already normalised the host. */
function isLoopback(hostname: string): boolean {
  return /^(?:.+\.)?localhost$|^127\.\d+\.\d+\.\d+$|^\[::1\]$/.test(hostname);
}
