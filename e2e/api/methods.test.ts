import { beforeAll, expect, it } from "vitest";
import { type ApiCaller, type Task, taskOf, tasksOf, type User } from "../support/api-caller.ts";
import { expectConforms, expectRefusal } from "../support/conformance.ts";
import { ConnectionClosed, exchange } from "../support/raw-request.ts";
import { describeBackends } from "../support/suite.ts";

describeBackends("each path has its methods and no other", (api: ApiCaller) => {
  let ann: User;
  let ben: User;
  let task: Task;

  beforeAll(async () => {
    ann = api.user();
    ben = api.user();
    task = await api.addTask(ann);
  });

  const paths: readonly (readonly [path: string, allowed: readonly string[]])[] = [
    ["/api/{A}/tasks", ["GET", "HEAD", "POST"]],
    ["/api/{A}/tasks/{a1}", ["GET", "HEAD", "PUT", "PATCH", "DELETE"]],
    ["/api/{A}/tasks/{a1}/complete", ["PATCH"]],
    ["/api/v1/users/me", ["GET", "HEAD", "PUT"]],
    ["/health", ["GET", "HEAD"]],
    ["/ready", ["GET", "HEAD"]],
    ["/openapi.json", ["GET", "HEAD"]],
    ["/docs", ["GET", "HEAD"]],
  ];
  const fill = (path: string) => path.replace("{A}", ann.id).replace("{a1}", String(task.id));

  for (const [path, allowed] of paths) {
    for (const method of [
      "GET",
      "HEAD",
      "POST",
      "PUT",
      "PATCH",
      "DELETE",
      "OPTIONS",
      "TRACE",
      "PROPFIND",
      "SEARCH",
    ]) {
      if (allowed.includes(method)) continue;
      it(`${method} ${path} is 405 and names what is allowed, with and without a credential`, async () => {
        for (const token of [ann.token, undefined]) {
          const answer = await api.ask(method, fill(path), { token });
          expect(answer.status).toBe(405);
          if (method !== "HEAD") expectRefusal(answer, "method_not_allowed");
          expect(answer.header("allow")).toBe(allowed.join(", "));
        }
      });
    }
  }

  it("the methods of a path are the same for every user", async () => {
    const allow = async (path: string, token?: string) =>
      (await api.ask("PROPFIND", path, { token })).header("allow");
    const own = await allow(tasksOf(ann), ann.token);
    expect(await allow(tasksOf(ben), ann.token)).toBe(own);
    expect(await allow("/api/user_that_is_nobody/tasks")).toBe(own);
  });

  it("a method that HTTP does not know, or in lower case, is never 200", async () => {
    for (const method of ["FOO", "get", "GETS", "Get", "QUERY", "TRACK"]) {
      try {
        const answer = await exchange(api.origin, {
          method,
          target: tasksOf(ann),
          headers: [["Authorization", `Bearer ${ann.token}`]],
        });
        expect(answer.status, method).toBeGreaterThanOrEqual(400);
        expect(answer.status, method).toBeLessThan(502);
        expect(answer.text).not.toContain(ann.nonce);
      } catch (error) {
        expect(error).toBeInstanceOf(ConnectionClosed);
      }
    }
  });

  it("TRACE repeats nothing of the request", async () => {
    const answer = await api.ask("TRACE", tasksOf(ann), { token: ann.token });
    expect(answer.text).not.toContain(ann.token);
  });

  it("HEAD answers as GET does, without the body", async () => {
    for (const [path, token] of [
      [tasksOf(ann), ann.token],
      [taskOf(ann, task.id), ann.token],
      [taskOf(ann, 999_999_999), ann.token],
      [tasksOf(ben), ann.token],
      [tasksOf(ann), undefined],
      [`${tasksOf(ann)}?limit=x`, ann.token],
      ["/health", undefined],
      ["/ready", undefined],
      ["/openapi.json", undefined],
      ["/docs", undefined],
      ["/nothing", undefined],
    ] as const) {
      const get = await api.ask("GET", path, { token });
      const head = await api.ask("HEAD", path, { token });
      const essential = (answer: typeof get) =>
        ["etag", "content-type", "www-authenticate", "cache-control", "content-length"].map((name) =>
          answer.header(name),
        );
      expect({ status: head.status, headers: essential(head) }, path).toEqual({
        status: get.status,
        headers: essential(get),
      });
      expect(head.text).toBe("");
    }
  });

  it("another user's row gives away nothing by HEAD", async () => {
    const taskOfBen = await api.addTask(ben);
    const foreign = await api.ask("HEAD", taskOf(ben, taskOfBen.id), { token: ann.token });
    const hidden = await api.ask("HEAD", taskOf(ann, taskOfBen.id), { token: ann.token });
    expect([foreign.status, hidden.status]).toEqual([403, 404]);
    for (const answer of [foreign, hidden]) expect(answer.header("etag")).toBeUndefined();
  });

  it("no header, query or member overrides the method", async () => {
    for (const name of ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"]) {
      const headers = [[name, "DELETE"]] as const;
      const get = await api.ask("GET", taskOf(ann, task.id), { token: ann.token, headers });
      expect(get.status).toBe(200);
      const post = await api.ask("POST", taskOf(ann, task.id), {
        token: ann.token,
        headers,
        json: { _method: "DELETE" },
      });
      expectRefusal(post, "method_not_allowed");
    }
    expect(
      (await api.ask("GET", `${taskOf(ann, task.id)}?_method=DELETE`, { token: ann.token })).status,
    ).toBe(200);
    expect(await api.readTask(ann, task.id)).toEqual(task);
  });

  it("GET changes nothing, whatever its path says", async () => {
    expectRefusal(
      await api.ask("GET", `${taskOf(ann, task.id)}/complete`, { token: ann.token }),
      "method_not_allowed",
    );
    expectRefusal(await api.ask("GET", `${taskOf(ann, task.id)}/delete`, { token: ann.token }), "not_found");
    expect(await api.readTask(ann, task.id)).toEqual(task);
  });

  it("a body with a GET is not looked at", async () => {
    const other = await api.addTask(ann);
    const answer = await api.ask("GET", taskOf(ann, task.id), { token: ann.token, json: { id: other.id } });
    expect(answer.json()).toEqual(task);
    const bad = await api.ask("GET", taskOf(ann, task.id), { token: ann.token, body: "{bad" });
    expect(bad.json()).toEqual(task);
  });

  it("the asterisk target and an authority target name nothing", async () => {
    for (const [method, target] of [
      ["OPTIONS", "*"],
      ["CONNECT", "127.0.0.1:80"],
    ] as const) {
      try {
        const answer = await exchange(api.origin, { method, target, headers: [] });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(502);
        if (answer.header("content-type") === "application/problem+json")
          expectConforms({ method, target }, answer);
      } catch (error) {
        expect(error).toBeInstanceOf(ConnectionClosed);
      }
    }
  });
});
