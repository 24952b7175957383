import { beforeAll, expect, it } from "vitest";
import { type ApiCaller, expectSameAnswer, type Task, type User } from "../support/api-caller.ts";
import { expectRefusal } from "../support/conformance.ts";
import { RawConnection } from "../support/raw-request.ts";
import { protectedRoutes, type Route } from "../support/routes.ts";
import { describeBackends } from "../support/suite.ts";
import { nowSeconds, tokenFor } from "../support/token.ts";

describeBackends("who is asking is decided first", (api: ApiCaller) => {
  let user: User;
  let task: Task;
  const shapes = protectedRoutes("USER", "TASK");
  const filled = (route: Route) => ({
    ...route,
    path: route.path.replace("USER", user.id).replace("TASK", String(task.id)),
  });

  beforeAll(async () => {
    user = api.user();
    task = await api.addTask(user);
  });

  for (const shape of shapes) {
    const name = `${shape.method} ${shape.path}`;

    it(`${name} without a credential is 401 with a bare challenge`, async () => {
      const route = filled(shape);
      const answer = await api.ask(route.method, route.path, { json: route.json });
      expect(answer.status).toBe(401);
      expect(answer.header("www-authenticate")).toBe("Bearer");
      expect(answer.text).not.toContain(user.nonce);
    });

    it(`${name} with a text that is no token is 401 invalid_token`, async () => {
      const route = filled(shape);
      const answer = await api.ask(route.method, route.path, { json: route.json, token: "x.y.z" });
      expect(answer.status).toBe(401);
      expect(answer.header("www-authenticate")).toContain('error="invalid_token"');
    });

    it(`${name} with an expired token is 401 and changes nothing`, async () => {
      const route = filled(shape);
      const now = nowSeconds();
      const token = tokenFor(api.realm, user.id, { iat: now - 1000, exp: now - 100 });
      const answer = await api.ask(route.method, route.path, { json: route.json, token });
      expect(answer.status).toBe(401);
      if (route.method !== "HEAD") expectRefusal(answer, "expired");
      expect(await api.readTask(user, task.id)).toEqual(task);
    });
  }

  it("without a credential a user that exists and one that does not get the same answer", async () => {
    expectSameAnswer(
      await api.ask("GET", `/api/${user.id}/tasks`),
      await api.ask("GET", "/api/user_that_is_nobody/tasks"),
    );
  });

  it("without a credential a row that exists and one that does not get the same answer", async () => {
    expectSameAnswer(
      await api.ask("GET", `/api/${user.id}/tasks/${task.id}`),
      await api.ask("GET", `/api/${user.id}/tasks/999999999`),
    );
  });

  it("a body that is no JSON is not looked at before the credential", async () => {
    const headers = [["Content-Type", "application/json"]] as const;
    expectRefusal(await api.ask("POST", `/api/${user.id}/tasks`, { headers, body: "{bad" }), "missing");
  });

  it("a body that lacks a member is not looked at before the credential", async () => {
    expectRefusal(await api.ask("POST", `/api/${user.id}/tasks`, { json: {} }), "missing");
  });

  for (const type of ["text/plain", "application/xml", undefined])
    it(`a body of type ${type ?? "none"} is not looked at before the credential`, async () => {
      const headers = type === undefined ? [] : ([["Content-Type", type]] as const);
      expectRefusal(await api.ask("POST", `/api/${user.id}/tasks`, { headers, body: "{}" }), "missing");
    });

  it("a malformed row id is not looked at before the credential", async () => {
    expectRefusal(await api.ask("GET", `/api/${user.id}/tasks/abc`), "missing");
  });

  it("a malformed query is not looked at before the credential", async () => {
    expectRefusal(await api.ask("GET", `/api/${user.id}/tasks?limit=abc`), "missing");
  });

  it("a body announced as huge and never sent is refused at once without a credential", async () => {
    const connection = await RawConnection.open(api.origin);
    try {
      connection.send(
        `POST /api/${user.id}/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50000000\r\n\r\n{`,
      );
      expectRefusal(await connection.answer(), "missing");
    } finally {
      connection.close();
    }
  });

  it("an unknown path under a user is the same answer for every user, with and without a credential", async () => {
    const own = await api.ask("GET", `/api/${user.id}/secrets`);
    expectRefusal(own, "not_found");
    expectSameAnswer(own, await api.ask("GET", "/api/user_that_is_nobody/secrets"));
    expectSameAnswer(own, await api.ask("GET", `/api/${user.id}/secrets`, { token: user.token }));
  });
});
