/**
 * Whether a token was made for this session. It comes from this process and its signature is not in question; the comparison
 * keeps a token of one person from ever being remembered for another.
 */
export function namesSession(
  token: string,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
): boolean {
  try {
    const { sub, sid } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as {
      sub?: unknown;
      sid?: unknown;
    };
    return sub === userId && sid === sessionId;
  } catch {
    return false;
  }
}
