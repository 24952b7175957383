import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { tasksOf, type User } from "../support/api-caller.ts";
import { describeOwnBackends } from "../support/own-backends.ts";

interface EventFile {
  readonly events: readonly {
    readonly name: string;
    readonly side: string;
    readonly facts: readonly string[];
    readonly optional: readonly string[];
  }[];
}

const { events } = JSON.parse(
  readFileSync(new URL("../../contract/events.json", import.meta.url), "utf8"),
) as EventFile;

describeOwnBackends("the audit trail", (own) => {
  let user: User;
  let lines: Record<string, unknown>[];

  beforeAll(async () => {
    const api = await own().start();
    user = api.user();
    const other = api.user();
    const id = (text: string) => ({ headers: [["X-Request-Id", text]] as const });
    await api.ask("GET", tasksOf(user), { token: user.token, ...id("request-good") });
    await api.ask("GET", tasksOf(user), id("request-missing"));
    await api.ask("GET", tasksOf(user), { token: api.user({ exp: 1 }).token, ...id("request-expired") });
    await api.ask("GET", tasksOf(user), { token: api.user({ aud: "x" }).token, ...id("request-audience") });
    await api.ask("GET", tasksOf(user), { token: `${user.token}, x`, ...id("request-two") });
    await api.ask("GET", tasksOf(other), { token: user.token, ...id("request-denied") });
    await own().stop();
    lines = own()
      .running.process.stdout.trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => String(event).startsWith("countersign."))
      .map(({ time: _, level, ...line }) => ({ ...line, level }));
  });

  it("has a line for each refused credential and each caller who was turned away, and none else", () => {
    const refused = { level: "warn", event: "countersign.request.refused" };
    expect(lines).toEqual([
      { ...refused, code: "expired", claim: "exp", requestId: "request-expired" },
      { ...refused, code: "wrong_audience", claim: "aud", requestId: "request-audience" },
      { ...refused, code: "ambiguous_credentials", requestId: "request-two" },
      {
        level: "warn",
        event: "countersign.request.denied",
        code: "wrong_subject",
        userId: user.id,
        requestId: "request-denied",
      },
    ]);
  });

  it("has the contract's names and facts", () => {
    for (const { event, level: _, ...facts } of lines) {
      const known = events.find(({ name, side }) => name === event && side === "verifier");
      const given = Object.keys(facts);
      expect(known?.facts.filter((one) => !given.includes(one))).toEqual([]);
      expect(
        given.filter((one) => ![...(known?.facts ?? []), ...(known?.optional ?? [])].includes(one)),
      ).toEqual([]);
    }
  });
});
