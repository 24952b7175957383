import { beforeAll, expect, it } from "vitest";
import { tasksOf, type User } from "../support/api-caller.ts";
import { forgedTokens } from "../support/forged-tokens.ts";
import { secretsIn } from "../support/log-secrets.ts";
import { describeOwnBackends } from "../support/own-backends.ts";
import { bareEnvironment, ServerProcess } from "../support/server-process.ts";
import { derivedKey } from "../support/token.ts";

describeOwnBackends("the log tells the operator what happened and gives nothing away", (own) => {
  let user: User;
  let forged: string[];
  let lines: Record<string, unknown>[];
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
    await api.ask("GET", "/private-path-that-is-none?token=private-query");
    await api.ask("POST", tasksOf(user), { token: user.token, body: "{private-bad-body" });
    await own().stop();
    lines = own()
      .running.process.stdout.trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  });

  it("each line is a JSON object with time, level and event or message", () => {
    for (const line of lines) {
      expect(line).toHaveProperty("time");
      expect(line).toHaveProperty("level");
      expect("event" in line || "msg" in line).toBe(true);
    }
  });

  it("a request's line has its id, method, route, status and duration", () => {
    const line = lines.find((entry) => entry["requestId"] === requestId);
    expect(line).toMatchObject({ method: "GET", route: "/api/{user_id}/tasks", status: 200 });
    expect(typeof line?.["durationMs"]).toBe("number");
  });

  it("a refusal's line has the refusal's code", () => {
    const codes = new Set(lines.map((line) => line["code"]));
    for (const code of ["missing", "expired", "bad_signature", "wrong_audience", "not_found"])
      expect(codes).toContain(code);
  });

  it("no line holds a token, a part of one, the secret, the key or anything that was sent", () => {
    const { realm } = own();
    const parts = [user.token, ...forged].flatMap((token) =>
      token.split(".").filter((part) => part.length > 20),
    );
    const secrets = [realm.secret, derivedKey(realm.secret), user.email, user.nonce, ...parts];
    expect(secretsIn(own().running.process.output, { secrets })).toEqual([]);
    for (const word of [
      "private title",
      "private description",
      "private-search",
      "private-cookie",
      "private-password",
      "private-query",
      "private-bad-body",
    ])
      expect(own().running.process.output).not.toContain(word);
  });
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
