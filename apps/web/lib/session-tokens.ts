import { createSessionTokens, type SessionTokens } from "watchword/next";
import { auth } from "./auth.ts";

// On globalThis: the proxy and the pages are bundled apart and share one memory.
const shared = globalThis as typeof globalThis & { watchwordSessionTokens?: SessionTokens };

/** The API tokens of the people who are signed in, as this server remembers them: one per session. */
export function sessionTokens(): SessionTokens {
  shared.watchwordSessionTokens ??= createSessionTokens({ auth });
  return shared.watchwordSessionTokens;
}
