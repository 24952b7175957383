import { describe, expect, it } from "vitest";
import { attributeNames, toAuditRecord } from "../src/audit-record.ts";
import { contractFile } from "./contract-files.ts";

interface EventFile {
  readonly attributes: Readonly<Record<string, { readonly name: string }>>;
  readonly events: readonly {
    readonly name: string;
    readonly side: string;
    readonly severity: readonly string[];
    readonly facts: readonly string[];
    readonly optional: readonly string[];
  }[];
}

const { attributes, events } = contractFile<EventFile>("events.json");
/** Those that the package tells; the others are lines of the applications alone. */
const own = events.filter(({ side }) => ["issuer", "proxy", "verifier"].includes(side));

describe("an event as a record", () => {
  it("has the contract's name for every fact that the package tells, and for no other", () => {
    const facts = [...new Set(own.flatMap((one) => [...one.facts, ...one.optional]))].sort();
    const names = facts.map((fact) => [fact, attributes[fact]?.name]);
    expect(Object.fromEntries(names)).toEqual(attributeNames);
  });

  it.each(own.filter(({ severity }) => severity.length === 1))(
    "is as severe as the contract says: $name",
    ({ name, severity }) => {
      expect([toAuditRecord({ name, at: 0 }).severity]).toEqual(severity);
    },
  );

  it.each([
    ["fresh", "INFO"],
    ["loading", "WARN"],
    ["stale", "WARN"],
    ["refusing", "WARN"],
  ])("of the state %s of feed and keys is %s", (state, severity) => {
    for (const name of ["watchword.feed.state", "watchword.keys.state"]) {
      expect(toAuditRecord({ name, at: 0, state } as never).severity).toBe(severity);
    }
  });

  it("has its own time, and nothing for a fact that is absent", () => {
    const event = { name: "watchword.session.ended", at: 1.5, sessionId: "s", userId: "u" } as const;
    expect(toAuditRecord({ ...event, requestId: undefined } as never)).toEqual({
      timestamp: "1970-01-01T00:00:01.500Z",
      severity: "INFO",
      "event.name": "watchword.session.ended",
      "session.id": "s",
      "user.id": "u",
    });
  });
});
