import { afterEach, expect, it, vi } from "vitest";
import { logAuthEvent } from "../lib/auth-log.ts";

type Event = Parameters<typeof logAuthEvent>[0];

afterEach(() => void vi.restoreAllMocks());

function lineOf(event: Event): Record<string, unknown> {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  logAuthEvent(event);
  const [[line] = []] = write.mock.calls;
  vi.restoreAllMocks();
  return JSON.parse(String(line)) as Record<string, unknown>;
}

const session = { at: 1, sessionId: "s", userId: "u" };

it.each<[level: string, Event]>([
  ["info", { ...session, name: "countersign.session.started" }],
  ["info", { ...session, name: "countersign.session.revoked" }],
  ["info", { at: 1, name: "countersign.user.revoked", userId: "u", reason: "sessions_ended" }],
  ["info", { ...session, name: "countersign.token.issued", tokenId: "t", keyId: "k", expiresAt: 2 }],
  ["warn", { at: 1, name: "countersign.token.refused", code: "NOT_SIGNED_IN" }],
  ["warn", { at: 1, name: "countersign.sign_in.refused", code: "INVALID_EMAIL_OR_PASSWORD" }],
])("writes at the level %s: %o", (level, event) => {
  expect(lineOf(event)["level"]).toBe(level);
});

it("writes the event's name, its own time and its facts", () => {
  expect(lineOf({ ...session, name: "countersign.session.revoked" })).toEqual({
    level: "info",
    time: "1970-01-01T00:00:01.000Z",
    service: "web",
    event: "countersign.session.revoked",
    sessionId: "s",
    userId: "u",
  });
});
