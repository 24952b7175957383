import { getSessionCookie } from "better-auth/cookies";
import { type NextRequest, NextResponse } from "next/server";
import { loginUrl } from "./lib/return-url.ts";

/**
 * Saves a visitor without a session cookie the way to a protected page. This is a convenience, no protection:
 * each page checks the session itself with `requireUser`.
 */
export function proxy(request: NextRequest): NextResponse {
  if (getSessionCookie(request)) return NextResponse.next();
  const { pathname, search } = request.nextUrl;
  return NextResponse.redirect(new URL(loginUrl(`${pathname}${search}`, "session_expired"), request.url));
}

export const config = {
  matcher: ["/tasks/:path*", "/chat/:path*", "/token/:path*", "/account/:path*", "/admin/:path*"],
};
