import type { BetterAuthPlugin } from "better-auth";
import type { Clock } from "../../clock.ts";
import { passwordAttempts } from "./password-attempts.ts";
import type { ProtectionPolicy } from "./protection-options.ts";
import { checkedAddresses } from "./redirects.ts";
import { storedSessions } from "./session-cookies.ts";

/** The hooks of what is switched on, in the order in which they look at a request. */
export function protectionHooks(
  { sessions, redirects, wrongPasswordsPerMinute }: ProtectionPolicy,
  clock: Clock,
): Required<NonNullable<BetterAuthPlugin["hooks"]>> {
  const passwords =
    wrongPasswordsPerMinute === undefined ? {} : passwordAttempts(wrongPasswordsPerMinute, clock);
  return {
    before: [
      ...(sessions ? [storedSessions] : []),
      ...(redirects ? [checkedAddresses] : []),
      ...(passwords.before ?? []),
    ],
    after: passwords.after ?? [],
  };
}
