import { isJsonObject, type JsonObject, parseJsonObject } from "../encoding/strict-json.ts";
import { readUtf8 } from "../encoding/utf8.ts";
import type { Revocation } from "./revocation-list.ts";

/** Bounds of one answer of the feed. Held against `contract/defaults.json`. */
export const feedBounds = {
  maxBytes: 8_388_608,
  maxEntries: 10_000,
  maxCursorCharacters: 1024,
} as const;

const maxJsonDepth = 8;

/** One answer of the feed. */
export interface FeedAnswer {
  readonly entries: readonly Revocation[];
  /** Where to go on: opaque. */
  readonly cursor: string;
  /** Whether there is more to be had at once. */
  readonly more: boolean;
}

/**
 * CS-25: an answer of the feed, or `undefined` where any part of it is not what the contract says: a verifier that
 * guessed would let tokens pass that are revoked. Members that it does not know are ignored, kinds are not.
 */
export function readFeedAnswer(bytes: Uint8Array): FeedAnswer | undefined {
  if (bytes.byteLength > feedBounds.maxBytes) return undefined;
  const answer = parseJsonObject(
    readUtf8(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    maxJsonDepth,
  );
  if (answer === undefined) return undefined;
  const { entries, cursor, more, now } = answer;
  if (!Array.isArray(entries) || entries.length > feedBounds.maxEntries) return undefined;
  if (typeof cursor !== "string" || cursor === "" || cursor.length > feedBounds.maxCursorCharacters)
    return undefined;
  if (typeof more !== "boolean" || typeof now !== "number" || !Number.isFinite(now)) return undefined;
  const revocations = entries.map(revocationOf);
  return revocations.every((one) => one !== undefined) ? { entries: revocations, cursor, more } : undefined;
}

function revocationOf(entry: unknown): Revocation | undefined {
  if (!isJsonObject(entry)) return undefined;
  const { kind, id, at, until, deleted } = entry as JsonObject;
  if (kind !== "session" && kind !== "token" && kind !== "user") return undefined;
  if (typeof id !== "string" || id === "" || !isSecond(at) || !isSecond(until)) return undefined;
  if (deleted === undefined || deleted === false) return { kind, id, at, until };
  return deleted === true && kind === "user" ? { kind, id, at, until, deleted } : undefined;
}

function isSecond(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
