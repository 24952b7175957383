/** The query of a page as Next.js hands it over; a repeated parameter is a list. */
export type SearchParams = Readonly<Record<string, string | string[] | undefined>>;

/** Where a signed-in user lands when nothing else is asked for. */
export const defaultReturnUrl = "/tasks";

const maxLength = 2048;
const forbiddenTargets = /^\/(?:login|sign-up|forgot-password|reset-password|api)(?:[/?#]|$)/;

/**
 * Reduces an untrusted `returnUrl` to a path of this application.
 *
 * Anything that a browser could read as another origin (`//host`, `/\host`, a scheme, control characters, dot segments
 * that collapse to `//`) and anything that would loop back to signing in becomes `/tasks`.
 */
export function safeReturnUrl(value: unknown): string {
  if (typeof value !== "string" || value.length > maxLength) return defaultReturnUrl;
  if (!value.startsWith("/") || value.includes("\\") || hasControlCharacter(value)) return defaultReturnUrl;
  const base = "http://return.invalid";
  const url = URL.parse(value, base);
  if (url?.origin !== base || url.pathname.startsWith("//")) return defaultReturnUrl;
  const target = `${url.pathname}${url.search}${url.hash}`;
  return forbiddenTargets.test(target) ? defaultReturnUrl : target;
}

/** The address of the sign-in page that comes back to `returnUrl` afterwards. */
export function loginUrl(returnUrl: string, error?: "session_expired" | "link_refused"): string {
  const query = new URLSearchParams({ returnUrl: safeReturnUrl(returnUrl) });
  if (error) query.set("error", error);
  return `/login?${query}`;
}

function hasControlCharacter(text: string): boolean {
  return Array.from(text).some((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x20 || (code >= 0x7f && code <= 0x9f);
  });
}
