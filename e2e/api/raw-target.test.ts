import { beforeAll, expect, it } from "vitest";
import { type ApiCaller, type Task, taskOf, tasksOf, type User } from "../support/api-caller.ts";
import { expectConforms, expectRefusal } from "../support/conformance.ts";
import { exchange } from "../support/raw-request.ts";
import { describeBackends } from "../support/suite.ts";

describeBackends("the raw target is decided before anything else", (api: ApiCaller) => {
  let ann: User;
  let ben: User;
  let task: Task;
  const fill = (target: string) =>
    target.replaceAll("{A}", ann.id).replaceAll("{B}", ben.id).replaceAll("{a1}", String(task.id));

  beforeAll(async () => {
    ann = api.user();
    ben = api.user();
    task = await api.addTask(ann);
    await api.addTask(ben);
  });

  const unroutable = [
    "/api/{A}/tasks/{a1}/../{a1}",
    "/api/{A}/../{B}/tasks",
    "/api/{A}/tasks/../../{B}/tasks",
    "/api/{A}/tasks/../../{A}/tasks",
    "/api/{A}/./tasks",
    "/api/./{A}/tasks",
    "/./api/{A}/tasks",
    "/api/{A}/%2e%2e/{B}/tasks",
    "/api/{A}/.%2e/{B}/tasks",
    "/api/{A}/%2E./{B}/tasks",
    "/api/{A}/%2e/tasks",
    "/api/{A}/%2e%2e%2f{B}/tasks",
    "/api/{A}/..%5c{B}/tasks",
    "/api/{A}/..%5C{B}/tasks",
    "/api/{A}%2f..%2f{B}/tasks",
    "/api/{B}%2f..%2f{A}/tasks",
    "/api/{A}%2ftasks",
    "/api/{A}%2f/tasks",
    "/api/{A}%2F{B}/tasks",
    "/api/{A}%5c/tasks",
    "/api/{A}%5C{B}/tasks",
    "/api/{A}\\/tasks",
    "/api/{A}/tasks/{a1}%2f",
    "/api/{A}/tasks/{a1}%5c",
    "/api/{A}%2Ftasks",
    "/api/{A}/tasks%2f{a1}",
    "/api/{A}\\tasks",
    "/api\\{A}/tasks",
    "//api/{A}/tasks",
    "/api//{A}/tasks",
    "/api/{A}//tasks",
    "/api/{A}/tasks//{a1}",
    "/api//tasks",
    "/api/{A}/tasks/",
    "/api/{B}/tasks/",
    "/api/{A}/tasks/{a1}/",
    "/api/v1/users/me/",
    "/health/",
    "/health//",
    "/../health",
    "/api/{A}%00/tasks",
    "/api/{A}%00{B}/tasks",
    "/api/{A}%0a/tasks",
    "/api/{A}%0d%0aX-Injected:1/tasks",
    "/api/{A}%09/tasks",
    "/api/{A}%1f/tasks",
    "/api/{A}%7f/tasks",
    "/api/{A}/tasks/{a1}%00",
    "/api/{A}%/tasks",
    "/api/{A}%2/tasks",
    "/api/{A}%zz/tasks",
    "/api/{A}%u0041/tasks",
    "/api/%c0%af/tasks",
    "/api/{A}%c0%ae/tasks",
    "/api/%ff/tasks",
    "/api/{A}%ed%a0%80/tasks",
    "/api/{A}%f5%80%80%80/tasks",
    "/api/./tasks",
    "/api/../tasks",
    "/api/%2e/tasks",
    "/api/%2e%2e/tasks",
    "/api/{A}\u00e9/tasks",
    "/api/{A}\u00c3\u00a9/tasks",
    "/health?q=\u00e9",
    "/api/{A}/tasks?q=\u00c3\u00a9",
    "/",
    "/api",
    "/api/",
    "/API/{A}/tasks",
    "/api/{A}/TASKS",
    "/Api/{A}/tasks",
    "/api/{A}/tasks.json",
    "/api/{A}/tasks;.css",
    "/api/{A}/tasks;x=1",
    "/api/{A}/tasks/x.css",
    "/api/{A}/tasks.rsc",
    "/Health",
    "/health;x",
    "/api/v1/users/ME",
    "/api/v1/users/{A}",
    "/_next/data/x/api/{B}/tasks.json",
  ];

  it.each(unroutable)("%s is 404 for its owner", async (target) => {
    expectRefusal(await api.ask("GET", fill(target), { token: ann.token }), "not_found");
  });

  it.each(unroutable.filter((target) => !target.endsWith("x.css")))(
    "%s is 404 without a credential too",
    async (target) => {
      expectRefusal(await api.ask("GET", fill(target)), "not_found");
    },
  );

  it("a path of more than 8192 bytes is 404, one of 8192 is routed", async () => {
    const path = (length: number) => `/api/${"a".repeat(length - "/api//tasks".length)}/tasks`;
    expectRefusal(await api.ask("GET", path(8193), { token: ann.token }), "not_found");
    expectRefusal(await api.ask("GET", path(8192), { token: ann.token }), "wrong_subject");
  });

  it("a path is not measured with its query", async () => {
    const answer = await api.ask("GET", `${tasksOf(ann)}?unknown=${"a".repeat(7000)}`, { token: ann.token });
    expect(answer.status).toBe(200);
  });

  it("dots and slashes in the query do not touch the path", async () => {
    const answer = await api.ask("GET", `${tasksOf(ann)}?unknown=/../..//%2f%5c`, { token: ann.token });
    expect(answer.status).toBe(200);
  });

  it("a fragment is dropped, with everything behind it", async () => {
    for (const target of [`${tasksOf(ann)}#/x`, `${tasksOf(ann)}#?limit=abc`, `${tasksOf(ann)}?limit=5#x`])
      expect((await api.ask("GET", target, { token: ann.token })).status, target).toBe(200);
    expectRefusal(
      await api.ask("GET", `${tasksOf(ben)}#${tasksOf(ann)}`, { token: ann.token }),
      "wrong_subject",
    );
  });

  it("an absolute-form target is reduced to its path", async () => {
    const own = await api.ask("GET", `http://elsewhere.test${tasksOf(ann)}`, { token: ann.token });
    expect(own.status).toBe(200);
    expectRefusal(
      await api.ask("GET", `http://elsewhere.test${tasksOf(ben)}`, { token: ann.token }),
      "wrong_subject",
    );
    expectRefusal(
      await api.ask("GET", `http://elsewhere.test//api${tasksOf(ben)}`, { token: ann.token }),
      "not_found",
    );
    expectRefusal(await api.ask("GET", `http://elsewhere.test${tasksOf(ben)}`), "missing");
  });

  for (const host of ["elsewhere.test", "good/health?x=", "a#b", "127.0.0.1:1", "[::1]", "a b"])
    it(`the Host ${JSON.stringify(host)} changes no decision and is nowhere repeated`, async () => {
      const ask = (target: string) =>
        exchange(api.origin, {
          method: "GET",
          target,
          headers: [
            ["Host", host],
            ["Authorization", `Bearer ${ann.token}`],
          ],
        });
      for (const [target, code] of [
        [tasksOf(ben), "wrong_subject"],
        [`${tasksOf(ben)}/`, "not_found"],
      ] as const) {
        const answer = await ask(target);
        if (answer.status === 400) continue;
        expectConforms({ method: "GET", target }, answer);
        expectRefusal(answer, code);
        expect(answer.headers.join("\n")).not.toContain(host);
      }
    });

  for (const name of [
    "X-Original-URL",
    "X-Rewrite-URL",
    "X-Forwarded-Prefix",
    "X-Forwarded-Path",
    "X-Forwarded-Uri",
    "X-Forwarded-Host",
    "X-Middleware-Subrequest",
    "X-Http-Method-Override",
  ])
    it(`the header ${name} changes no decision`, async () => {
      const headers = [[name, "/health"]] as const;
      expectRefusal(await api.ask("GET", tasksOf(ben), { token: ann.token, headers }), "wrong_subject");
      expectRefusal(await api.ask("GET", tasksOf(ann), { headers }), "missing");
    });

  it("a row is found by its plain id and by no other target", async () => {
    expect((await api.ask("GET", taskOf(ann, task.id), { token: ann.token })).status).toBe(200);
  });
});
