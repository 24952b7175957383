import { expect, expectTypeOf, test } from "vitest";
import type { FeedEvent } from "../../src/feed/revocation-events.ts";
import { appliesTo, type Revocation } from "../../src/feed/revocation-list.ts";
import type { KeySetEvent } from "../../src/keys/key-set-events.ts";
import { contractFile } from "../contract-files.ts";

interface EventFile {
  readonly events: readonly {
    readonly name: string;
    readonly side: string;
    readonly facts: readonly string[];
  }[];
}

test("the events of the feed and of the keys are the contract's, with its facts", () => {
  const facts = {
    "watchword.keys.state": ["state", "entries"],
    "watchword.keys.failed": ["reason"],
    "watchword.feed.state": ["state", "entries"],
    "watchword.feed.failed": ["reason"],
    "watchword.feed.revoked": ["count"],
    "watchword.user.erased": ["userId"],
    "watchword.user.erase_failed": ["userId"],
  } satisfies Record<(FeedEvent | KeySetEvent)["name"], readonly string[]>;
  expectTypeOf<keyof typeof facts>().toEqualTypeOf<(FeedEvent | KeySetEvent)["name"]>();
  const known = contractFile<EventFile>("events.json").events.filter(
    ({ name, side }) => side === "verifier" && !name.startsWith("watchword.request."),
  );
  expect(Object.fromEntries(known.map((one) => [one.name, one.facts]))).toEqual(facts);
});

test("a revocation concerns the tokens of its session, its id, or its user up to its second", () => {
  const token = { sessionId: "s", tokenId: "t", userId: "u", issuedAt: 100.9 };
  const one = (kind: Revocation["kind"], id: string, at = 100) =>
    appliesTo({ kind, id, at, until: 200 }, token);
  expect([one("session", "s"), one("token", "t"), one("user", "u")]).toEqual([true, true, true]);
  expect([one("session", "t"), one("token", "s"), one("user", "s"), one("user", "u", 99)]).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
