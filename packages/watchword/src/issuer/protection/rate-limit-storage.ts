import type { BetterAuthOptions } from "better-auth";
import { SlidingWindow } from "./sliding-window.ts";

type RateLimitStorage = NonNullable<NonNullable<BetterAuthOptions["rateLimit"]>["customStorage"]>;

/**
 * Storage for Better Auth's rate limits in which `max` requests per `window` seconds means any span of that length. Better
 * Auth's own storage refuses a client that comes back every few seconds in the end, however few its requests are. In the
 * memory of this process. Needs Better Auth 1.7.
 *
 * @example
 * betterAuth({ rateLimit: { customStorage: slidingRateLimits() } });
 */
export function slidingRateLimits(now: () => number = () => Date.now() / 1000): RateLimitStorage {
  const requests = new SlidingWindow();
  return {
    async consume(key, { max, window }) {
      const waitSeconds = requests.take(key, max, window, now());
      return {
        allowed: waitSeconds === undefined,
        retryAfter: waitSeconds === undefined ? null : Math.ceil(waitSeconds),
      };
    },
  };
}
