import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { auth } from "./auth.ts";
import { loginUrl } from "./return-url.ts";

/** What pages and their client components know of the signed-in user. */
export interface SessionUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  /** What Better Auth calls the role; the API decides by the role in the token. */
  readonly role: string;
}

/**
 * The signed-in user of this request, or `null`. May come from the five-minute cookie cache.
 * `headers()` is awaited first: it makes the page dynamic, so that a build never reaches the database.
 */
export const readUser = cache(async (): Promise<SessionUser | null> => userFrom(await headers(), false));

/** As {@link readUser}, but always from the database: for pages about the account, or that send signed-in users elsewhere. */
export const readUserFromDatabase = cache(
  async (): Promise<SessionUser | null> => userFrom(await headers(), true),
);

/**
 * The signed-in user, checked where data is read.
 * Without a session the request goes to the sign-in page and comes back to `returnUrl`.
 */
export async function requireUser(returnUrl: string): Promise<SessionUser> {
  const user = await readUser();
  return user ?? redirect(loginUrl(returnUrl, "session_expired"));
}

async function userFrom(requestHeaders: Headers, disableCookieCache: boolean): Promise<SessionUser | null> {
  const session = await auth().api.getSession({
    headers: requestHeaders,
    // A page cannot set cookies: refreshing here would move the session's end without the cookie following.
    query: { disableCookieCache, disableRefresh: true },
  });
  if (!session) return null;
  const { id, name, email, emailVerified, role } = session.user;
  return { id, name, email, emailVerified, role: role ?? "user" };
}
