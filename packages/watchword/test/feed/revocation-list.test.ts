import { describe, expect, test } from "vitest";
import { forgetMarginSeconds, type Revocation, RevocationList } from "../../src/feed/revocation-list.ts";

const subject = { userId: "u", sessionId: "s", tokenId: "t", issuedAt: 150 };
const one = (kind: Revocation["kind"], id: string, at = 100, until = 200): Revocation => ({
  kind,
  id,
  at,
  until,
});

function listOf(...revocations: Revocation[]): RevocationList {
  const list = new RevocationList();
  for (const revocation of revocations) list.add(revocation);
  return list;
}

describe("a list of revocations", () => {
  test("takes a session or a token with a user's id for no user", () => {
    const list = listOf(
      one("session", "u", 999),
      one("token", "u", 999),
      one("session", "t"),
      one("token", "s"),
    );
    expect(list.holds(subject)).toBe(false);
  });

  test("moves the mark of a user forward, whatever ends first", () => {
    const list = listOf(one("user", "u", 100, 900));
    expect(list.holds(subject)).toBe(false);
    expect(list.add(one("user", "u", 150, 200))).toBe(true);
    expect(list.holds(subject)).toBe(true);
    expect(list.holds({ ...subject, issuedAt: 151 })).toBe(false);
    expect(list.add(one("user", "u", 120, 900))).toBe(false);
    expect(list.holds(subject)).toBe(true);
  });

  test("says of a token that names neither session nor id what it knows of its user", () => {
    const nameless = { userId: "u", issuedAt: 150 };
    expect(listOf(one("session", "s"), one("token", "t")).holds(nameless)).toBe(false);
    expect(listOf(one("user", "u", 150)).holds(nameless)).toBe(true);
  });

  test("learns of each kind once, and once more that a user is gone", () => {
    const list = new RevocationList();
    const told = [one("session", "s"), one("token", "t"), one("user", "u")];
    const gone = { ...one("user", "u"), deleted: true } as const;
    expect([...told, ...told, gone, gone].map((each) => list.add(each))).toEqual([
      ...[true, true, true],
      ...[false, false, false],
      ...[true, false],
    ]);
    expect(list.size).toBe(3);
  });

  test("forgets each kind after its end and nothing of the others, and may learn it anew", () => {
    const gone = { ...one("user", "u", 150), deleted: true } as const;
    const list = listOf(one("session", "s"), one("token", "t"), gone, one("session", "later", 100, 400));
    list.forget(200 + forgetMarginSeconds);
    expect(list.size).toBe(4);
    list.forget(201 + forgetMarginSeconds);
    expect(list.size).toBe(1);
    expect(list.holds(subject)).toBe(false);
    expect(list.holds({ ...subject, sessionId: "later" })).toBe(true);
    expect(list.add(gone)).toBe(true);
    expect(list.add(gone)).toBe(false);
  });
});
