import { beforeAll, expect, it } from "vitest";
import { tasksOf, type User } from "../support/api-caller.ts";
import { forgedTokens } from "../support/forged-tokens.ts";
import { type LogLine, lineFaults, logLines, recordFaults } from "../support/log-lines.ts";
import { secretsIn } from "../support/log-secrets.ts";
import { describeOwnBackends } from "../support/own-backends.ts";
import { bareEnvironment, ServerProcess } from "../support/server-process.ts";
import { derivedKey } from "../support/token.ts";

describeOwnBackends("the log tells the operator what happened and gives nothing away", (own) => {
  let user: User;
  let forged: string[];
  let lines: LogLine[];
  const requestId = "request-of-the-log-test";

  beforeAll(async () => {
    const api = await own().start();
    user = api.user();
    await api.addTask(user, { title: "a private title", description: "a private description" });
    await api.ask("GET", `${tasksOf(user)}?q=private-search`, {
      token: user.token,
      headers: [
        ["X-Request-Id", requestId],
        ["Cookie", "better-auth.session_token=private-cookie-value.signature"],
      ],
    });
    forged = forgedTokens(own().realm, user.id).map(({ token }) => token);
    for (const token of forged) await api.ask("GET", tasksOf(user), { token });
    await api.ask("GET", tasksOf(user), { headers: [["Authorization", "Basic private-password"]] });
    await api.ask("GET", "/private-path-that-is-none?token=private-query", {
      headers: [["X-Request-Id", "request-of-no-path"]],
    });
    await api.ask("PRIVATE-METHOD", tasksOf(user), { token: user.token });
    await api.ask("POST", tasksOf(user), { token: user.token, body: "{private-bad-body" });
    await own().stop();
    lines = logLines(own().running.process.stdout);
  });

  it("each line is an event of the contract, with its attributes and no other", () => {
    expect(lineFaults(own().running.process.stdout, "watchword-api")).toEqual([]);
    expect(lines.length).toBeGreaterThan(forged.length);
  });

  it("a request's line has its id, method, route, status and duration", () => {
    const line = lines.find((entry) => entry["http.request.id"] === requestId);
    expect(line).toMatchObject({
      severity: "INFO",
      "event.name": "watchword.http.request",
      "http.request.method": "GET",
      "http.route": "/api/{user_id}/tasks",
      "http.response.status_code": 200,
    });
    expect(line?.["http.server.request.duration"]).toBeLessThan(60);
  });

  it("a method that HTTP does not know is not repeated, nor is a path that names nothing", () => {
    const other = lines.filter((line) => line["http.request.method"] === "_OTHER");
    expect(other.map((line) => line["http.response.status_code"])).toEqual([405]);
    const lost = lines.find((line) => line["http.request.id"] === "request-of-no-path");
    expect(lost).toMatchObject({ "error.type": "not_found" });
    expect(lost).not.toHaveProperty("http.route");
  });

  it("a refusal's line has the refusal's code", () => {
    const codes = new Set(lines.map((line) => line["error.type"]));
    for (const code of ["missing", "expired", "bad_signature", "wrong_audience", "not_found"])
      expect(codes).toContain(code);
  });

  it("no line holds a token, a part of one, the secret, the key or anything that was sent", () => {
    const { realm } = own();
    const parts = [user.token, ...forged].flatMap((token) =>
      token.split(".").filter((part) => part.length > 20),
    );
    const secrets = [realm.secret, derivedKey(realm), user.email, user.nonce, ...parts];
    expect(secretsIn(own().running.process.output, { secrets })).toEqual([]);
    for (const word of [
      "private title",
      "private description",
      "private-search",
      "private-cookie",
      "private-password",
      "private-query",
      "private-bad-body",
      "PRIVATE-METHOD",
    ])
      expect(own().running.process.output).not.toContain(word);
  });
});

const goodLine = {
  timestamp: "2026-01-02T03:04:05.678Z",
  severity: "WARN",
  "service.name": "watchword-api",
  "event.name": "watchword.request.refused",
  "error.type": "expired",
};

it("a line as the contract has it is found good", () => {
  expect(recordFaults(goodLine, "watchword-api")).toEqual([]);
});

it.each([
  ["unknown event", { "event.name": "watchword.request.seen" }],
  ["unknown http.url", { "http.url": "/" }],
  ["unknown user.id", { "user.id": "ada" }],
  ["without error.type", { "error.type": undefined }],
  ["without timestamp", { timestamp: undefined }],
  ["timestamp of another form", { timestamp: "2026-01-02 03:04:05" }],
  ["another severity", { severity: "INFO" }],
  ["another service", { "service.name": "watchword-web" }],
  ["event of another side", { "event.name": "watchword.token.refused" }],
  ["bad error.type", { "error.type": "a sentence of somebody" }],
  ["bad http.request.id", { "http.request.id": "a b c d e f" }],
])("a line is found out: %s", (fault, change) => {
  const line = JSON.parse(JSON.stringify({ ...goodLine, ...change })) as object;
  expect(recordFaults(line, "watchword-api")).toContain(fault);
});

it("a test whose process writes a line that the contract does not know fails", async () => {
  const writer = new ServerProcess({
    command: process.execPath,
    args: ["-e", "console.log('hello')"],
    cwd: ".",
    env: bareEnvironment(),
    service: "watchword-api",
  });
  await expect(writer.exit()).rejects.toThrow("no record: hello");
});

it.each([
  ["a token", "eyJhbGciOiJIUzI1NiJ9.e30.x"],
  ["a session cookie", "better-auth.session_token=abcdefgh.ijklmnop"],
  ["a secret value", "the-secret-of-this-process-alone"],
  ["a secret value", "pass-word-of-the-database"],
])("a test whose process writes %s fails: %s", async (what, text) => {
  const writer = new ServerProcess({
    command: process.execPath,
    args: ["-e", `console.log(${JSON.stringify(text)})`],
    cwd: ".",
    env: {
      ...bareEnvironment(),
      BETTER_AUTH_SECRETS: "2:the-secret-of-this-process-alone,1:another-secret-of-this-process",
      DATABASE_URL: "postgres://ann:pass-word-of-the-database@localhost/tasks",
    },
  });
  await expect(writer.exit()).rejects.toThrow(what);
});
