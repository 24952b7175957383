import type { AuthContext, BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";

type BeforeHook = NonNullable<NonNullable<BetterAuthPlugin["hooks"]>["before"]>[number];

/** Names that Better Auth and its plugins give to an address that a browser is sent to: `callbackURL`, `redirectTo` … */
const addressNames = /(?:callback|redirect|return|error|success|cancel|user)_?(?:url|to)$/i;

/**
 * Refuses a request that would send a browser, or the reader of an email, to another origin: 403 `INVALID_REDIRECT_URL`.
 * Better Auth's own check lets `/..//evil.test` pass.
 */
export const checkedAddresses: BeforeHook = {
  matcher: () => true,
  handler: createAuthMiddleware(async ({ body, query, context }) => {
    for (const [name, value] of [...entriesOf(query), ...entriesOf(body)]) {
      if (!addressNames.test(name)) continue;
      const values: readonly unknown[] = Array.isArray(value) ? value : [value];
      if (values.every((one) => typeof one !== "string" || isSafeAddress(one, context))) continue;
      throw new APIError("FORBIDDEN", {
        code: "INVALID_REDIRECT_URL",
        message: `${name} must be a path of this application or an address of a trusted origin.`,
      });
    }
  }),
};

function entriesOf(value: unknown): readonly [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

type Origins = Pick<AuthContext, "baseURL" | "isTrustedOrigin">;

/** Percent-decoding that some reader of the address may do once more. */
const decodings = 3;

/**
 * Whether an address leads to this application or to a trusted origin, however often it is percent-decoded. The empty text
 * is safe: it stands for none.
 */
export function isSafeAddress(address: string, context: Origins): boolean {
  let text = address;
  for (let count = 0; count < decodings; count += 1) {
    if (!leadsToTrusted(text, context)) return false;
    const decoded = decodeOnce(text);
    if (decoded === text) return true;
    text = decoded;
  }
  return leadsToTrusted(text, context);
}

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const controlOrBackslash = /[\p{Cc}\\]/u;

function leadsToTrusted(address: string, context: Origins): boolean {
  if (address === "") return true;
  const [path = ""] = address.split(/[?#]/, 1);
  if (controlOrBackslash.test(path) || address !== address.trim()) return false;
  const base = new URL(context.baseURL);
  if (address.startsWith("/")) {
    const url = URL.parse(address, base);
    return url?.origin === base.origin && !address.startsWith("//") && !url.pathname.startsWith("//");
  }
  const url = URL.parse(address);
  if (url === null || url.username !== "" || url.password !== "") return false;
  return url.origin === base.origin || context.isTrustedOrigin(address);
}

/**
 * Replaces the `Location` of an answer that would lead to another origin by the application's first page. The OAuth clients of
 * a provider plugin have to be in `trustedOrigins`.
 */
export function checkLocation(response: Response, context: AuthContext): Response | undefined {
  const location = response.headers.get("location");
  if (location === null || response.status < 300 || response.status > 399) return undefined;
  if (isSafeAddress(location, context)) return undefined;
  context.logger.warn(
    `[watchword] A redirect to ${originOf(location)} was replaced: the origin is not in trustedOrigins.`,
  );
  const headers = new Headers(response.headers);
  headers.set("location", `${new URL(context.baseURL).origin}/`);
  return new Response(null, { status: response.status, headers });
}

function originOf(location: string): string {
  return URL.parse(location, "https://unknown.invalid")?.host ?? "an unreadable address";
}
