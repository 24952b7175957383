import type { AuthContext, BetterAuthPlugin } from "better-auth";
import { feedPath } from "./feed/feed-endpoint.ts";
import type { IssuerPolicy } from "./options.ts";

/** Better Auth's rules for the plugin's paths, and what makes them give way. */
export interface RateLimits {
  readonly rules: NonNullable<BetterAuthPlugin["rateLimit"]>;
  /** Tokens keep to `rateLimit.window` and `max` where the application sets them. */
  heed(context: AuthContext): void;
}

/**
 * Better Auth counts the requests of an address until a whole window passes without one. Whoever comes back every few seconds,
 * as verifiers do and the people of one office, would be refused in the end, however few they are: so the windows are short.
 */
export function rateLimits({ tokenPath, revocation }: IssuerPolicy): RateLimits {
  let isGeneral = false;
  const token = { window: 1, max: 100, pathMatcher: (path: string) => path === tokenPath && !isGeneral };
  const feed = { window: 1, max: 1000, pathMatcher: (path: string) => path === feedPath };
  return {
    rules: revocation ? [token, feed] : [token],
    heed({ options: { rateLimit } }) {
      isGeneral = rateLimit?.window !== undefined || rateLimit?.max !== undefined;
    },
  };
}
