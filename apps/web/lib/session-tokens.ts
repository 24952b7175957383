import { createSessionTokens, type SessionTokens } from "watchword/next";
import { auth } from "./auth.ts";
import { sessionMemory } from "./session-memory.ts";

/** The API tokens of the people who are signed in, as this server remembers them: one per session. */
export function sessionTokens(): SessionTokens {
  sessionMemory.watchwordSessionTokens ??= createSessionTokens({ auth });
  return sessionMemory.watchwordSessionTokens;
}
