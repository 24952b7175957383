import type { AuthenticationError } from "watchword/client";

/** For a session that lives while the API refuses its token: the two sides do not agree. */
export function refusedToken(error: AuthenticationError): string {
  const code = error.problem.code ? ` (${error.problem.code})` : "";
  return `You are signed in, but the API refused your token${code}. Check that both share the same secret and addresses.`;
}
