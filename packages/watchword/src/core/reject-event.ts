import type { Clock } from "./clock.ts";
import type { WatchwordError } from "./errors.ts";
import { readHeader, splitSegments } from "./jws.ts";
import type { RejectEvent } from "./verifier-options.ts";

const maxCharacters = 64;
const maxJsonDepth = 16;

/** What is told of a refused token. `alg` and `kid` are the sender's word: cleaned, and only where the header is readable. */
export function rejectEvent(refusal: WatchwordError, token: unknown, clock: Clock): RejectEvent {
  const { code, claim } = refusal;
  const { alg, kid } = code === "too_large" ? {} : headerMembers(token);
  return Object.freeze({
    code,
    ...(claim !== undefined && { claim }),
    ...(alg !== undefined && { alg }),
    ...(kid !== undefined && { kid }),
    at: clock.now(),
  });
}

function headerMembers(token: unknown): { alg?: string | undefined; kid?: string | undefined } {
  try {
    const members = readHeader(splitSegments(String(token)), maxJsonDepth);
    return { alg: cleaned(members.alg), kid: cleaned(members.kid) };
  } catch {
    return {};
  }
}

/** Printable ASCII, so that no log can be forged or split by it. */
function cleaned(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  // First one character for each, so that none is counted or cut in halves.
  return value.replace(/[^\x20-\x7e]/gu, "?").slice(0, maxCharacters);
}
