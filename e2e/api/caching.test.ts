import { beforeAll, expect, it } from "vitest";
import { type ApiCaller, comparable, type Task, taskOf, tasksOf, type User } from "../support/api-caller.ts";
import { expectRefusal } from "../support/conformance.ts";
import { RawConnection, requestBytes } from "../support/raw-request.ts";
import { describeBackends } from "../support/suite.ts";

describeBackends("no answer is kept or mixed up on the way", (api: ApiCaller) => {
  let ann: User;
  let ben: User;
  let task: Task;
  let taskOfBen: Task;

  beforeAll(async () => {
    ann = api.user();
    ben = api.user();
    task = await api.addTask(ann);
    taskOfBen = await api.addTask(ben);
  });

  it("the same URL is decided anew for each caller", async () => {
    for (let round = 0; round < 3; round++) {
      expect((await api.ask("GET", taskOf(ann, task.id), { token: ann.token })).json()).toEqual(task);
      expectRefusal(await api.ask("GET", taskOf(ann, task.id), { token: ben.token }), "wrong_subject");
      expectRefusal(await api.ask("GET", taskOf(ann, task.id)), "missing");
    }
  });

  it("callers that share one connection get their own answers, also when they do not wait", async () => {
    const connection = await RawConnection.open(api.origin);
    try {
      const callers = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? ann : ben));
      connection.send(
        Buffer.concat(
          callers.map((user) =>
            requestBytes({
              method: "GET",
              target: tasksOf(user),
              headers: [
                ["Host", "a"],
                ["Authorization", `Bearer ${user.token}`],
              ],
            }),
          ),
        ),
      );
      for (const user of callers) {
        const answer = await connection.answer();
        expect(answer.status).toBe(200);
        const owners = (answer.json() as { items: Task[] }).items.map(({ user_id }) => user_id);
        expect(new Set(owners)).toEqual(new Set([user.id]));
      }
    } finally {
      connection.close();
    }
  });

  it("a credential does not stay with its connection", async () => {
    const connection = await RawConnection.open(api.origin);
    try {
      const ask = async (...headers: readonly (readonly [string, string])[]) => {
        connection.send(
          requestBytes({ method: "GET", target: tasksOf(ann), headers: [["Host", "a"], ...headers] }),
        );
        return (await connection.answer()).status;
      };
      expect(await ask(["Authorization", `Bearer ${ann.token}`])).toBe(200);
      expect(await ask()).toBe(401);
      expect(await ask(["Authorization", `Bearer ${ben.token}`])).toBe(403);
      expect(await ask(["Authorization", `Bearer ${ann.token}`])).toBe(200);
    } finally {
      connection.close();
    }
  });

  it("a conditional or partial read is decided like any other", async () => {
    for (const header of [
      ["If-None-Match", '"1"'],
      ["If-None-Match", "*"],
      ["If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"],
      ["Range", "bytes=0-10"],
      ["If-Match", "*"],
      ["If-Match", '"77"'],
    ] as const) {
      const headers = [header];
      expectRefusal(
        await api.ask("GET", taskOf(ben, taskOfBen.id), { token: ann.token, headers }),
        "wrong_subject",
      );
      expectRefusal(
        await api.ask("GET", taskOf(ann, taskOfBen.id), { token: ann.token, headers }),
        "not_found",
      );
      expectRefusal(await api.ask("GET", taskOf(ann, task.id), { headers }), "missing");
      expect((await api.ask("GET", taskOf(ann, task.id), { token: ann.token, headers })).json()).toEqual(
        task,
      );
    }
  });

  it("headers that no one asked about leave the answer as it is", async () => {
    const plain = comparable(await api.ask("GET", tasksOf(ann), { token: ann.token }));
    for (const header of [
      ["X-Forwarded-Host", "evil.test"],
      ["X-Forwarded-Scheme", "https"],
      ["X-Forwarded-Proto", "https"],
      ["X-Forwarded-For", "10.0.0.1"],
      ["X-Host", "evil.test"],
      ["Forwarded", "for=10.0.0.1;host=evil.test"],
      ["Accept-Language", "de"],
      ["Accept", "text/html"],
      ["Accept-Encoding", "gzip, br"],
      ["RSC", "1"],
      ["X-Nextjs-Data", "1"],
      ["X-Middleware-Prefetch", "1"],
    ] as const)
      expect(comparable(await api.ask("GET", tasksOf(ann), { token: ann.token, headers: [header] }))).toEqual(
        plain,
      );
    expect(comparable(await api.ask("GET", `${tasksOf(ann)}?utm_source=x`, { token: ann.token }))).toEqual(
      plain,
    );
  });

  it("a request id of the right form is kept, any other is replaced", async () => {
    const idOf = async (...values: readonly string[]) => {
      const headers = values.map((value) => ["X-Request-Id", value] as const);
      return (await api.ask("GET", "/health", { headers })).header("x-request-id");
    };
    for (const good of ["abcdefgh", "A-b_C-d_1", "a".repeat(64)]) expect(await idOf(good)).toBe(good);
    for (const bad of [
      "short",
      "a".repeat(65),
      "white space",
      "semi;colon",
      "<script>x",
      "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4",
      "",
    ])
      expect(await idOf(bad)).not.toBe(bad);
    expect(await idOf("abcdefgh", "ijklmnop")).not.toContain(",");
    expect(await idOf()).not.toBe(await idOf());
  });
});
