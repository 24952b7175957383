import { randomBytes } from "node:crypto";
import { getSessionCookie } from "better-auth/cookies";
import { type NextRequest, NextResponse } from "next/server";
import { configuration } from "./lib/configuration.ts";
import { contentSecurityPolicy } from "./lib/content-security-policy.ts";
import { isRefusedLink } from "./lib/refused-link.ts";
import { loginUrl } from "./lib/return-url.ts";

/** Pages for signed-in users. */
const ownPages = /^\/(?:tasks|chat|under-the-hood|account|admin)(?:\/|$)/;

/**
 * Gives each page its Content-Security-Policy, and saves a visitor without a session cookie the way to a page that is not for
 * them. The latter is a convenience, no protection: each page checks the session itself with `requireUser`.
 */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search, searchParams } = request.nextUrl;
  if (ownPages.test(pathname) && !getSessionCookie(request)) {
    const url = isRefusedLink(searchParams.get("error"))
      ? loginUrl(pathname, "link_refused")
      : loginUrl(`${pathname}${search}`, "session_expired");
    const login = new URL(url, request.url);
    // A form that was sent too late is not sent once more, to a page that knows nothing of it.
    return NextResponse.redirect(login, request.method === "POST" ? 303 : 307);
  }
  const { api, issuer } = configuration();
  const secure = issuer.startsWith("https:");
  const policy = contentSecurityPolicy({
    nonce: randomBytes(16).toString("base64"),
    apiOrigin: new URL(api.browserUrl, issuer).origin,
    secure,
    development: process.env.NODE_ENV === "development",
  });
  // Next.js takes the nonce for its own scripts from the header of the request.
  const headers = new Headers(request.headers);
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  if (secure) response.headers.set("Strict-Transport-Security", "max-age=31536000");
  return response;
}

// Everything but Better Auth's routes and the files of the build.
export const config = { matcher: ["/((?!api/|_next/).*)"] };
