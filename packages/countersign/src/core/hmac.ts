import { createHash, hash } from "node:crypto";

/** Bytes of a block of SHA-256. */
const blockBytes = 64;
/** Room for the texts of usual tokens, so that none has to be made per token. */
const roomBytes = 8192;

/** The MAC of a text of ASCII characters, as base64url. */
export type Mac = (text: string) => string;

/**
 * HMAC-SHA-256 (RFC 2104, RFC 7518 §3.2) under one key. It is put together from two one-shot hashes over buffers that
 * are made once per key: half the cost of `createHmac`, whose objects are made per token.
 */
export function hmacSha256(key: Uint8Array): Mac {
  const block = Buffer.alloc(blockBytes);
  block.set(key.length > blockBytes ? createHash("sha256").update(key).digest() : key);
  const inner = Buffer.alloc(blockBytes + roomBytes);
  inner.set(block.map((byte) => byte ^ 0x36));
  const outer = Buffer.alloc(blockBytes + 32);
  outer.set(block.map((byte) => byte ^ 0x5c));
  return (text) => {
    const long = text.length > roomBytes;
    const message = long
      ? Buffer.concat([inner.subarray(0, blockBytes), Buffer.from(text, "latin1")])
      : inner;
    const length = long ? message.length : blockBytes + inner.write(text, blockBytes, "latin1");
    outer.write(hash("sha256", message.subarray(0, length), "binary"), blockBytes, "latin1");
    return hash("sha256", outer, "base64url");
  };
}
