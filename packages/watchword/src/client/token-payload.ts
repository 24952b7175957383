/** RFC 4648 §5, in the order of their values. */
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The claims of a token, for the life and the user that it says itself; nothing is verified. `undefined` for an opaque token. */
export function payloadOf(token: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const claims: unknown = JSON.parse(textOf(token.split(".")[1] ?? ""));
    return typeof claims === "object" && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** One character for each byte, as `atob`, which some platforms (React Native before 0.74) do not have. */
function textOf(base64url: string): string {
  let text = "";
  let bits = 0;
  let count = 0;
  for (const letter of base64url) {
    const value = letters.indexOf(letter);
    if (value < 0) throw new SyntaxError("Not base64url.");
    bits = ((bits << 6) | value) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    text += String.fromCharCode((bits >> count) & 0xff);
  }
  return text;
}
