import { afterEach, expect, it, vi } from "vitest";
import { logAuthEvent, logAuthMessage } from "../lib/auth-log.ts";

type Event = Parameters<typeof logAuthEvent>[0];

afterEach(() => void vi.restoreAllMocks());

function lineOf(event: Event): Record<string, unknown> {
  return written(() => logAuthEvent(event));
}

function written(work: () => void): Record<string, unknown> {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  work();
  const [[line] = []] = write.mock.calls;
  vi.restoreAllMocks();
  return JSON.parse(String(line)) as Record<string, unknown>;
}

const session = { at: 1, sessionId: "s", userId: "u" };

it.each<[severity: string, Event]>([
  ["INFO", { ...session, name: "watchword.session.started" }],
  ["INFO", { ...session, name: "watchword.session.revoked" }],
  ["INFO", { at: 1, name: "watchword.user.revoked", userId: "u", reason: "sessions_ended" }],
  ["INFO", { ...session, name: "watchword.token.issued", tokenId: "t", keyId: "k", expiresAt: 2 }],
  ["INFO", { ...session, name: "watchword.session.ended" }],
  ["WARN", { at: 1, name: "watchword.token.refused", code: "NOT_SIGNED_IN" }],
  ["WARN", { at: 1, name: "watchword.sign_in.refused", code: "INVALID_EMAIL_OR_PASSWORD" }],
])("writes with the severity %s: %o", (severity, event) => {
  expect(lineOf(event)["severity"]).toBe(severity);
});

it("writes the event's name, its own time and its facts", () => {
  expect(lineOf({ ...session, name: "watchword.session.revoked" })).toEqual({
    timestamp: "1970-01-01T00:00:01.000Z",
    severity: "INFO",
    "service.name": "watchword-web",
    "event.name": "watchword.session.revoked",
    "session.id": "s",
    "user.id": "u",
  });
});

it("writes a sentence of Better Auth in one line, and of an error only its class and place", () => {
  const error = new TypeError("password=hunter2");
  const line = written(() => logAuthMessage("error", "It\nfailed", { email: "ada@example.test" }, error));
  expect(line).toEqual({
    timestamp: expect.stringMatching(/Z$/),
    severity: "ERROR",
    "service.name": "watchword-web",
    "event.name": "watchword.library.message",
    "otel.scope.name": "better-auth",
    "watchword.message": "It failed",
    "exception.type": "TypeError",
    "exception.stacktrace": expect.stringContaining("auth-log.test.ts"),
  });
  expect(JSON.stringify(line)).not.toMatch(/hunter2|ada@/);
});
