/** A token taken apart for show. Nothing in it has been verified. */
export interface UnverifiedToken {
  /** The three segments as they are sent. */
  readonly segments: readonly [header: string, payload: string, signature: string];
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * Takes a JWT apart without verifying it (RFC 7519 §3): to look at, never to decide by.
 * @throws SyntaxError when the text is no JWT.
 */
export function decodeUnverified(token: string): UnverifiedToken {
  const [header, payload, signature, ...rest] = token.split(".");
  if (!header || !payload || !signature || rest.length > 0)
    throw new SyntaxError("A JWT has three segments.");
  return {
    segments: [header, payload, signature],
    header: decodeSegment(header),
    payload: decodeSegment(payload),
  };
}

function decodeSegment(segment: string): Readonly<Record<string, unknown>> {
  const binary = atob(segment.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new SyntaxError("A JWT segment is a JSON object.");
}
