import { createHmac } from "node:crypto";
import { encodeBase64url, isCanonicalBase64url } from "../encoding/base64url.ts";
import { type JsonObject, parseJsonObject } from "../encoding/strict-json.ts";
import { readUtf8 } from "../encoding/utf8.ts";
import { WatchwordError } from "../errors.ts";
import { computeKeyId } from "../keys/keys.ts";

/** `typ` of an API token (RFC 9068 §2.1). */
export const tokenType = "at+jwt";

/** The three parts of a compact JWS (RFC 7515 §7.1), payload and signature sent in their only encodings. */
export interface Segments {
  /** As sent; {@link readHeader} says whether it is the only encoding of its bytes. */
  readonly header: string;
  /** As text; `undefined` where its bytes are not UTF-8, which {@link readPayload} refuses once the signature holds. */
  readonly payload: string | undefined;
  /** As sent. */
  readonly signature: string;
  /** What is signed: header and payload as sent, with the dot between them. */
  readonly input: string;
}

/** CS-3: three segments of canonical base64url, none of them empty. The header's turn comes in {@link readHeader}. */
export function splitSegments(token: string): Segments {
  const first = token.indexOf(".");
  const second = token.indexOf(".", first + 1);
  if (second < 0) throw new WatchwordError("malformed");
  const header = token.slice(0, first);
  const payload = decodeSegment(token.slice(first + 1, second));
  const signature = token.slice(second + 1);
  if (!isCanonicalBase64url(signature)) throw new WatchwordError("malformed");
  return { header, payload, signature, input: token.slice(0, second) };
}

/** CS-3 and CS-4 for the header alone, which need not be read again where the very text was read before. */
export function readHeader({ header }: Segments, maxJsonDepth: number): JsonObject {
  return readObject(decodeSegment(header), maxJsonDepth);
}

/** CS-10 */
export function readPayload({ payload }: Segments, maxJsonDepth: number): JsonObject {
  return readObject(payload, maxJsonDepth);
}

/** CS-4: one strict JSON object per segment. */
function readObject(text: string | undefined, maxJsonDepth: number): JsonObject {
  const value = parseJsonObject(text, maxJsonDepth);
  if (value === undefined) throw new WatchwordError("malformed");
  return value;
}

/** Room for the bytes of usual segments: one kept buffer costs half of one per token. */
const room = Buffer.alloc(8192);

/**
 * CS-3: a segment that is the only encoding of its bytes. For a long one it is quicker to encode the bytes again than to
 * look at the characters.
 *
 * @returns the bytes as text; `undefined` where they are not UTF-8.
 */
function decodeSegment(segment: string): string | undefined {
  const buffer = segment.length <= room.length ? room : Buffer.alloc(segment.length);
  const length = buffer.write(segment, "base64url");
  if (segment === "" || buffer.toString("base64url", 0, length) !== segment) {
    throw new WatchwordError("malformed");
  }
  return readUtf8(buffer, length);
}

/** What {@link signHs256} signs, and with what. */
export interface SignOptions {
  /** The key's text: `deriveKey(BETTER_AUTH_SECRET)` or `WATCHWORD_KEY`. Its UTF-8 bytes are the HMAC key. */
  readonly key: string;
  /** The claims. Members that are `undefined` are left out. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Changes to the header `{ alg: "HS256", kid, typ: "at+jwt" }`; `undefined` leaves a member out. */
  readonly header?: Readonly<Record<string, unknown>>;
}

/** A compact JWS under HS256 (RFC 7515 §3.1, RFC 7518 §3.2). It signs what it is given and checks nothing. */
export function signHs256({ key, payload, header }: SignOptions): string {
  const protectedHeader = { alg: "HS256", kid: computeKeyId(key), typ: tokenType, ...header };
  const input = `${encodeMembers(protectedHeader)}.${encodeMembers(payload)}`;
  return `${input}.${createHmac("sha256", key).update(input, "latin1").digest("base64url")}`;
}

/** A segment: the members that are not `undefined`, as JSON in base64url. */
export function encodeMembers(members: Readonly<Record<string, unknown>>): string {
  return encodeBase64url(JSON.stringify(members));
}
