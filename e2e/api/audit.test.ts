import { beforeAll, expect, it } from "vitest";
import { tasksOf, type User } from "../support/api-caller.ts";
import { type LogLine, logLines } from "../support/log-lines.ts";
import { describeOwnBackends } from "../support/own-backends.ts";

describeOwnBackends("the audit trail", (own) => {
  let user: User;
  let lines: LogLine[];

  beforeAll(async () => {
    const api = await own().start();
    user = api.user();
    const other = api.user();
    const id = (text: string) => ({ headers: [["X-Request-Id", text]] as const });
    await api.ask("GET", tasksOf(user), { token: user.token, ...id("request-good") });
    await api.ask("GET", tasksOf(user), id("request-missing"));
    await api.ask("GET", tasksOf(user), { token: api.user({ exp: 1 }).token, ...id("request-expired") });
    await api.ask("GET", tasksOf(user), { token: api.user({ aud: "x" }).token, ...id("request-audience") });
    await api.ask("GET", tasksOf(user), { token: api.user({ iss: "x" }).token, ...id("request-issuer") });
    await api.ask("GET", tasksOf(user), { token: `${user.token}, x`, ...id("request-two") });
    await api.ask("GET", tasksOf(other), { token: user.token, ...id("request-denied") });
    await own().stop();
    lines = logLines(own().running.process.stdout).filter(({ "event.name": event }) =>
      /^watchword\.request\./.test(String(event)),
    );
  });

  it("has a line for each refused credential and each caller who was turned away, and none else", () => {
    const common = {
      timestamp: expect.any(String),
      severity: "WARN",
      "service.name": "watchword-api",
    };
    const refused = { ...common, "event.name": "watchword.request.refused" };
    const of = (code: string, id: string) => ({ "error.type": code, "http.request.id": id });
    expect(lines).toEqual([
      { ...refused, ...of("expired", "request-expired"), "watchword.claim": "exp" },
      {
        ...refused,
        ...of("wrong_audience", "request-audience"),
        "watchword.claim": "aud",
        "watchword.audience": "x",
        "watchword.expected_audience": own().realm.audience,
      },
      {
        ...refused,
        ...of("wrong_issuer", "request-issuer"),
        "watchword.claim": "iss",
        "watchword.issuer": "x",
        "watchword.expected_issuer": own().realm.issuer,
      },
      { ...refused, ...of("ambiguous_credentials", "request-two") },
      {
        ...common,
        "event.name": "watchword.request.denied",
        ...of("wrong_subject", "request-denied"),
        "user.id": user.id,
      },
    ]);
  });
});
