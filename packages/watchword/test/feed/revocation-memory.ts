// Fills a follower as the feed does and writes what its memory weighs: `node --expose-gc revocation-memory.ts KIND COUNT`.
import { randomBytes } from "node:crypto";
import { RevocationFollower } from "../../src/feed/revocation-follower.ts";

const [kind = "session", count = "100000"] = process.argv.slice(2);
const pageSize = 10_000;
const start = 1_767_225_600;

const follower = new RevocationFollower({
  feedKeys: ["key"],
  clock: { now: () => start },
  random: () => 1,
  whenUnreachable: "closed",
  staleAfterSeconds: 60,
  refuseAfterSeconds: 300,
});

function page(first: number, last: number): Uint8Array {
  const entries = Array.from({ length: last - first }, (_, index) => ({
    kind,
    id: randomBytes(24).toString("base64url"),
    at: start + first + index,
    until: start + first + index + 900,
  }));
  return Buffer.from(JSON.stringify({ entries, cursor: `c${last}`, more: last < Number(count), now: start }));
}

function heap(): number {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

// What the first page costs once, compiled code and all, is not the list's.
follower.answered(200, page(0, pageSize));
const before = heap();
for (let first = pageSize; first < Number(count); first += pageSize) {
  follower.next();
  follower.answered(200, page(first, first + pageSize));
}
const grown = heap() - before;
const bytes = Math.round((grown * follower.entries) / (follower.entries - pageSize));
process.stdout.write(JSON.stringify({ entries: follower.entries, state: follower.state, bytes }));
