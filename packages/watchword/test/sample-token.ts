import { createHmac } from "node:crypto";
import { WatchwordError } from "../src/errors.ts";
import { createVerifier } from "../src/feed/create-verifier.ts";
import { computeKeyId } from "../src/keys/keys.ts";
import { fixedClock } from "../src/testing/index.ts";
import type { VerifierOptions } from "../src/token/verifier-options.ts";

/** A key for tests only. */
export const key = "T6l6XuCzyGdtFocHUHqj7U9yo7-FR1-ifEXuHrVJVhM";
export const now = 1_767_225_600;
export const issuer = "https://auth.example.test";
export const audience = "https://api.example.test";
export const header = { alg: "HS256", kid: computeKeyId(key), typ: "at+jwt" };
export const claims = {
  iss: issuer,
  aud: audience,
  sub: "user_a",
  iat: now - 60,
  exp: now + 840,
  jti: "token-1",
  sid: "session-1",
};

export const options = {
  issuer,
  audience,
  key,
  clockToleranceSeconds: 0,
  clock: fixedClock(now),
} satisfies VerifierOptions;

export function encode(text: string | Uint8Array): string {
  return Buffer.from(typeof text === "string" ? Buffer.from(text, "utf8") : text).toString("base64url");
}

/** Signs header and payload segments as they are. */
export function signSegments(headerSegment: string, payloadSegment: string, signingKey = key): string {
  const input = `${headerSegment}.${payloadSegment}`;
  return `${input}.${createHmac("sha256", signingKey).update(input).digest("base64url")}`;
}

/** A good token with these changes; `undefined` leaves a member out. */
export function token(changes: object = {}, headerChanges: object = {}): string {
  return signSegments(
    encode(JSON.stringify({ ...header, ...headerChanges })),
    encode(JSON.stringify({ ...claims, ...changes })),
  );
}

/** A good token whose payload is this text. */
export function tokenOfPayload(payload: string | Uint8Array): string {
  return signSegments(encode(JSON.stringify(header)), encode(payload));
}

/** A good token whose header is this text. */
export function tokenOfHeader(text: string | Uint8Array): string {
  return signSegments(encode(text), encode(JSON.stringify(claims)));
}

/** `"accepted"`, or the code of the refusal; anything else that is thrown fails the test. */
export async function verdict(text: string, changes: Partial<VerifierOptions> = {}): Promise<string> {
  try {
    await createVerifier({ ...options, ...changes }).verify(text);
    return "accepted";
  } catch (error) {
    if (error instanceof WatchwordError) return error.code;
    throw error;
  }
}
