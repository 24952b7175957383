import { describe, expect, it } from "vitest";
import { auditEventOf } from "../components/under-the-hood/audit-event.ts";
import { event } from "./road-events.ts";

describe("the audit event of a request", () => {
  it.each([
    [200, undefined, undefined],
    [404, "not_found", undefined],
    [401, "missing", undefined],
    [401, "bad_signature", "watchword.request.refused"],
    [400, "ambiguous_credentials", "watchword.request.refused"],
    [403, "wrong_subject", "watchword.request.denied"],
    [0, undefined, undefined],
  ])("to the API with %i %s is %s", (status, code, name) => {
    expect(auditEventOf(event({ status, code }))).toBe(name);
  });

  it("by way of the proxy is the proxy's", () => {
    const proxied = { credential: "session" } as const;
    expect(auditEventOf(event({}, proxied))).toBe("watchword.proxy.forwarded");
    expect(auditEventOf(event({ status: 403, byProxy: true }, proxied))).toBe("watchword.proxy.refused");
    expect(auditEventOf(event({ status: 503, byProxy: true }, proxied))).toBe("watchword.proxy.refused");
    expect(auditEventOf(event({ status: 403 }, proxied))).toBe("watchword.proxy.forwarded");
  });

  it("for a token is there once one was given out", () => {
    const asked = { kind: "token", credential: "session" } as const;
    expect(auditEventOf(event({ status: 401 }, asked))).toBeUndefined();
    const issued = { tokenId: "t", lifeSeconds: 900 };
    expect(auditEventOf(event({ issued }, asked))).toBe("watchword.token.issued");
  });
});
