import type { Clock } from "../clock.ts";
import type { WatchwordError } from "../errors.ts";
import { readHeader, readPayload, splitSegments } from "./jws.ts";
import type { RejectEvent } from "./verifier-options.ts";

const maxCharacters = 64;
const maxNameCharacters = 256;
const maxJsonDepth = 16;

/**
 * The refusals behind which a token for another API can stand: its key is another one, so that the audience is not even
 * looked at.
 */
const audienceCodes: ReadonlySet<string> = new Set(["unknown_key", "wrong_audience"]);

/** `alg` and `kid` are the sender's word: cleaned, and only where the header is readable. */
export function rejectEvent(refusal: WatchwordError, token: unknown, clock: Clock): RejectEvent {
  const { code, claim, audience, expectedAudience, issuer, expectedIssuer } = refusal;
  const { alg, kid } = code === "too_large" ? {} : headerMembers(token);
  return Object.freeze({
    code,
    ...(claim !== undefined && { claim }),
    ...(alg !== undefined && { alg }),
    ...(kid !== undefined && { kid }),
    ...(audience !== undefined && { audience }),
    ...(expectedAudience !== undefined && { expectedAudience }),
    ...(issuer !== undefined && { issuer }),
    ...(expectedIssuer !== undefined && { expectedIssuer }),
    at: clock.now(),
  });
}

/**
 * What a refused token names in `aud` or `iss`, and what the verifier accepts, where the difference can be why. The payload
 * is the sender's word.
 */
export function describeMismatch(
  { code }: WatchwordError,
  token: unknown,
  accepted: { readonly audience: readonly string[] | null; readonly issuers: readonly string[] | null },
): Pick<WatchwordError, "audience" | "expectedAudience" | "issuer" | "expectedIssuer"> {
  if (code === "wrong_issuer" && accepted.issuers !== null) {
    const issuer = namesIn(token, "iss");
    return issuer === undefined ? {} : { issuer, expectedIssuer: listed(accepted.issuers) };
  }
  if (audienceCodes.has(code) && accepted.audience !== null) {
    const audience = namesIn(token, "aud");
    return audience === undefined ? {} : { audience, expectedAudience: listed(accepted.audience) };
  }
  return {};
}

function namesIn(token: unknown, claim: "aud" | "iss"): string | undefined {
  try {
    const value = readPayload(splitSegments(String(token)), maxJsonDepth)[claim];
    const names: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (names.length === 0 || !names.every((name) => typeof name === "string")) return undefined;
    return listed(names);
  } catch {
    return undefined;
  }
}

const listed = (names: readonly unknown[]): string => cleaned(names.join(" "), maxNameCharacters);

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
