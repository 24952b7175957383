import type { Clock } from "../clock.ts";
import { parseJsonObject } from "../encoding/strict-json.ts";
import { readUtf8 } from "../encoding/utf8.ts";
import type { PublicVerificationKey, VerificationKey } from "./key-set.ts";
import { publicKey } from "./public-keys.ts";
import { type FetchFailure, statusFailure } from "./source-status.ts";

/** Bounds of one answer. Held against `contract/defaults.json`. */
export const keySetBounds = {
  timeoutSeconds: 5,
  maxBytes: 1_048_576,
  maxKeys: 100,
  maxJsonDepth: 16,
} as const;

/** Asks for a key set: `fetch`, or something that answers like it. */
export type FetchKeys = (url: string, init: RequestInit) => Promise<Response>;

/** An answer that is no key set. The message is for nobody. */
export class KeySetError extends Error {
  readonly reason: FetchFailure;

  constructor(reason: FetchFailure, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A key set as published. */
export interface PublishedKeys {
  /** The keys that can verify tokens; the others are left out. */
  readonly keys: readonly VerificationKey[];
  readonly text: string;
}

/**
 * Fetches a JWK set, without following redirects, within {@link keySetBounds}.
 *
 * @throws KeySetError for every answer that is not a key set; what `fetch` throws.
 */
export async function fetchKeySet(url: string, fetch: FetchKeys, clock: Clock): Promise<PublishedKeys> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), keySetBounds.timeoutSeconds * 1000);
  const tooSlow = new Promise<never>((_, reject) => {
    abort.signal.addEventListener("abort", () => reject(tooLong()));
  });
  try {
    const answer = answerOf(url, fetch, clock, abort.signal);
    answer.catch(() => {});
    return readKeySet(await Promise.race([answer, tooSlow]));
  } finally {
    clearTimeout(timer);
  }
}

/** The keys of a JWK set given as JSON text. */
export function readKeySet(bytes: Buffer): PublishedKeys {
  const set = parseJsonObject(readUtf8(bytes), keySetBounds.maxJsonDepth);
  if (set === undefined || !Array.isArray(set.keys) || set.keys.length > keySetBounds.maxKeys) {
    throw new KeySetError("malformed", "The answer is not a key set.");
  }
  return { keys: usableKeys(set.keys), text: bytes.toString("latin1") };
}

/** Of these JWKs those that can verify tokens, each once: one that cannot does not spoil the others. */
export function usableKeys(jwks: readonly unknown[]): readonly PublicVerificationKey[] {
  const usable: PublicVerificationKey[] = [];
  for (const jwk of jwks) {
    const key = publicKey(jwk);
    if (key !== undefined && !usable.some((known) => isSameKey(known, key))) usable.push(key);
  }
  return usable;
}

function isSameKey(one: PublicVerificationKey, other: PublicVerificationKey): boolean {
  return one.kid === other.kid && one.algorithm === other.algorithm && one.key.equals(other.key);
}

async function answerOf(url: string, fetch: FetchKeys, clock: Clock, signal: AbortSignal): Promise<Buffer> {
  const deadline = clock.now() + keySetBounds.timeoutSeconds;
  const response = await fetch(url, {
    headers: { Accept: "application/jwk-set+json, application/json" },
    // Cloudflare's workerd has no "error": a redirect is an answer like every other that is not 200.
    redirect: "manual",
    signal,
  });
  if (response.status !== 200 || response.redirected) {
    await response.body?.cancel();
    const reason = response.redirected ? "redirect" : statusFailure(response.status);
    throw new KeySetError(reason, "The answer is not 200.");
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop by an error cancels the body.
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > keySetBounds.maxBytes) throw new KeySetError("malformed", "The answer is too large.");
    if (clock.now() > deadline) throw tooLong();
  }
  return Buffer.concat(chunks);
}

const tooLong = () => new KeySetError("timeout", "The answer took too long.");
