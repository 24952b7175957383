import { createProxy, type ProxyHandler } from "watchword/next";
import { logAuthEvent } from "./auth-log.ts";
import { closing } from "./closing.ts";
import { configuration } from "./configuration.ts";
import { sessionTokens } from "./session-tokens.ts";

/** What of the API the browser may ask for. A route that is missing here is 404, whatever the API would say to it. */
const routes = [
  { path: "/api/v1/posts", methods: ["GET"], anonymous: true },
  "/api/v1/posts",
  "/api/v1/posts/*",
  "/api/v1/users/me",
  "/api/v1/admin/users",
  "/api/{user_id}/tasks/**",
  "/api/{user_id}/chat",
  "/api/{user_id}/conversations/**",
] as const;

const nothing: ProxyHandler = async () =>
  new Response(null, { status: 404, headers: { "Cache-Control": "no-store" } });

let instance: ProxyHandler | undefined;

/** The proxy to the API; where the browser asks the API itself there is none, and everything is 404. */
export function apiProxy(): ProxyHandler {
  instance ??= makeProxy();
  return instance;
}

function makeProxy(): ProxyHandler {
  const { api, issuer } = configuration();
  if (api.mode !== "proxy") return nothing;
  return createProxy({
    tokens: sessionTokens(),
    upstream: api.serverUrl,
    // The configuration has let it pass: ALLOW_HTTP, or no production.
    allowHttp: true,
    origin: issuer,
    routes,
    // For the page that shows how tokens are verified.
    responseHeaders: ["server-timing"],
    closing: closing().signal,
    onEvent: logAuthEvent,
  });
}
