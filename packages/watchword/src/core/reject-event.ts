import type { Clock } from "./clock.ts";
import type { WatchwordError } from "./errors.ts";
import { readHeader, readPayload, splitSegments } from "./jws.ts";
import type { RejectEvent } from "./verifier-options.ts";

const maxCharacters = 64;
const maxAudienceCharacters = 256;
const maxJsonDepth = 16;

/**
 * The refusals behind which a token for another API can stand: its key is another one, so that the audience is not even
 * looked at.
 */
const audienceCodes: ReadonlySet<string> = new Set(["unknown_key", "wrong_audience"]);

/** `alg` and `kid` are the sender's word: cleaned, and only where the header is readable. */
export function rejectEvent(refusal: WatchwordError, token: unknown, clock: Clock): RejectEvent {
  const { code, claim, audience, expectedAudience } = refusal;
  const { alg, kid } = code === "too_large" ? {} : headerMembers(token);
  return Object.freeze({
    code,
    ...(claim !== undefined && { claim }),
    ...(alg !== undefined && { alg }),
    ...(kid !== undefined && { kid }),
    ...(audience !== undefined && { audience }),
    ...(expectedAudience !== undefined && { expectedAudience }),
    at: clock.now(),
  });
}

/**
 * Which audience a refused token names and which were expected, where that can be why. The payload is the sender's word.
 *
 * @param expected the audiences of the verifier; `null` where it accepts every one.
 */
export function refusedAudience(
  { code }: WatchwordError,
  token: unknown,
  expected: readonly string[] | null,
): Pick<WatchwordError, "audience" | "expectedAudience"> {
  const audience = audienceCodes.has(code) && expected !== null ? namedAudience(token) : undefined;
  if (audience === undefined || expected === null) return {};
  return { audience, expectedAudience: cleaned(expected.join(" "), maxAudienceCharacters) };
}

function namedAudience(token: unknown): string | undefined {
  try {
    const { aud } = readPayload(splitSegments(String(token)), maxJsonDepth);
    const names: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
    if (names.length === 0 || !names.every((name) => typeof name === "string")) return undefined;
    return cleaned(names.join(" "), maxAudienceCharacters);
  } catch {
    return undefined;
  }
}

function headerMembers(token: unknown): { alg?: string | undefined; kid?: string | undefined } {
  try {
    const members = readHeader(splitSegments(String(token)), maxJsonDepth);
    return { alg: cleanedMember(members.alg), kid: cleanedMember(members.kid) };
  } catch {
    return {};
  }
}

function cleanedMember(value: unknown): string | undefined {
  return typeof value === "string" ? cleaned(value, maxCharacters) : undefined;
}

/** Printable ASCII, so that no log can be forged or split by it. */
function cleaned(value: string, longest: number): string {
  // First one character for each, so that none is counted or cut in halves.
  return value.replace(/[^\x20-\x7e]/gu, "?").slice(0, longest);
}
