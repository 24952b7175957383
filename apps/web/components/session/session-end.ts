import { authClient } from "../../lib/auth-client.ts";
import { loginUrl } from "../../lib/return-url.ts";

let pending: Promise<boolean> | undefined;

/**
 * Goes to the sign-in page, with the way back, when the session has ended. When it still lives, the API refused a good
 * session's token and signing in again would change nothing: the caller shows the error instead.
 *
 * @returns whether the page is being left
 */
export function leaveIfSessionEnded(): Promise<boolean> {
  pending ??= check().finally(() => {
    pending = undefined;
  });
  return pending;
}

async function check(): Promise<boolean> {
  const { data, error } = await authClient
    .getSession({ query: { disableCookieCache: true } })
    .catch((cause: unknown) => ({ data: null, error: cause }));
  if (data || error) return false;
  const { pathname, search } = window.location;
  window.location.assign(loginUrl(`${pathname}${search}`, "session_expired"));
  return true;
}
