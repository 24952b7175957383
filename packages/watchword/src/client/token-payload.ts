/** The claims of a token, for the life and the user that it says itself; nothing is verified. `undefined` for an opaque token. */
export function payloadOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const payload = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const claims: unknown = JSON.parse(atob(payload));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
