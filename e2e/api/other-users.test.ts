import { beforeAll, beforeEach, expect, it } from "vitest";
import {
  type ApiCaller,
  expectSameAnswer,
  type Task,
  taskOf,
  tasksOf,
  type User,
} from "../support/api-caller.ts";
import { expectRefusal } from "../support/conformance.ts";
import { userRoutes } from "../support/routes.ts";
import { describeBackends } from "../support/suite.ts";

describeBackends("a user never reaches another user's rows", (api: ApiCaller) => {
  let ann: User;
  let ben: User;
  let taskOfAnn: Task;
  let taskOfBen: Task;
  const absent = 999_999_999;

  beforeAll(() => {
    ann = api.user();
    ben = api.user();
  });

  beforeEach(async () => {
    taskOfAnn = await api.addTask(ann);
    taskOfBen = await api.addTask(ben);
  });

  const unchanged = async () => {
    expect(await api.readTask(ben, taskOfBen.id)).toEqual(taskOfBen);
    expect(await api.readTask(ann, taskOfAnn.id)).toEqual(taskOfAnn);
  };

  it("each list holds the own task and not the other's", async () => {
    const listOfAnn = await api.listTasks(ann);
    const listOfBen = await api.listTasks(ben);
    expect(listOfAnn.items.map(({ id }) => id)).toContain(taskOfAnn.id);
    expect(listOfBen.items.map(({ id }) => id)).toContain(taskOfBen.id);
    expect(JSON.stringify(listOfAnn)).not.toContain(ben.nonce);
    expect(JSON.stringify(listOfBen)).not.toContain(ann.nonce);
  });

  for (const shape of userRoutes("OTHER", "TASK")) {
    it(`${shape.method} ${shape.path} with another user in the URL is 403 and changes nothing`, async () => {
      const before = await api.listTasks(ben);
      const path = shape.path.replace("OTHER", ben.id).replace("TASK", String(taskOfBen.id));
      const answer = await api.ask(shape.method, path, { token: ann.token, json: shape.json });
      expect(answer.status).toBe(403);
      expect(answer.text).not.toContain(ben.nonce);
      expect(answer.text).not.toContain(ben.id);
      expect(answer.header("etag")).toBeUndefined();
      await unchanged();
      expect(await api.listTasks(ben)).toEqual(before);
    });

    it(`${shape.method} ${shape.path} is the same 403 for a user that does not exist`, async () => {
      const at = (id: string) => shape.path.replace("OTHER", id).replace("TASK", String(taskOfBen.id));
      const ask = (path: string) => api.ask(shape.method, path, { token: ann.token, json: shape.json });
      expectSameAnswer(await ask(at(ben.id)), await ask(at("user_that_is_nobody")));
    });
  }

  it("another user's URL is 403 for the caller's own row too", async () => {
    expectRefusal(await api.ask("GET", taskOf(ben, taskOfAnn.id), { token: ann.token }), "wrong_subject");
  });

  it("another user's URL is 403 before the body, the row id and the query are looked at", async () => {
    const json = [["Content-Type", "application/json"]] as const;
    for (const [method, path, body] of [
      ["POST", tasksOf(ben), "{bad"],
      ["PATCH", taskOf(ben, "abc"), "[]"],
      ["GET", taskOf(ben, "abc"), undefined],
      ["GET", `${tasksOf(ben)}?limit=abc`, undefined],
    ] as const)
      expectRefusal(
        await api.ask(method, path, {
          token: ann.token,
          headers: json,
          ...(body === undefined ? {} : { body }),
        }),
        "wrong_subject",
      );
  });

  for (const shape of userRoutes("OWN", "TASK").filter(({ path }) => path.includes("TASK"))) {
    it(`${shape.method} ${shape.path} with another user's row is 404 and changes nothing`, async () => {
      const ownBefore = await api.listTasks(ann);
      const path = shape.path.replace("OWN", ann.id).replace("TASK", String(taskOfBen.id));
      const answer = await api.ask(shape.method, path, { token: ann.token, json: shape.json });
      expect(answer.status).toBe(404);
      await unchanged();
      expect(await api.listTasks(ann)).toEqual(ownBefore);
    });

    it(`${shape.method} ${shape.path} does not tell another user's row from one that does not exist`, async () => {
      const at = (id: number) => shape.path.replace("OWN", ann.id).replace("TASK", String(id));
      const ask = (path: string) => api.ask(shape.method, path, { token: ann.token, json: shape.json });
      expectSameAnswer(await ask(at(taskOfBen.id)), await ask(at(absent)));
    });

    if (shape.json !== undefined)
      it(`${shape.method} ${shape.path} with faulty members is the same 404 for both`, async () => {
        const at = (id: number) => shape.path.replace("OWN", ann.id).replace("TASK", String(id));
        const ask = (path: string) =>
          api.ask(shape.method, path, { token: ann.token, json: { title: 7, completed: "no" } });
        const answer = await ask(at(taskOfBen.id));
        expectRefusal(answer, "not_found");
        expectSameAnswer(answer, await ask(at(absent)));
      });
  }

  it("If-Match does not tell another user's row from one that does not exist", async () => {
    for (const value of ["*", '"1"', '"7"'])
      for (const method of ["DELETE", "PATCH"])
        expectSameAnswer(
          await api.ask(method, taskOf(ann, taskOfBen.id), {
            token: ann.token,
            headers: [["If-Match", value]],
            ...(method === "PATCH" ? { json: {} } : {}),
          }),
          await api.ask(method, taskOf(ann, absent), {
            token: ann.token,
            headers: [["If-Match", value]],
            ...(method === "PATCH" ? { json: {} } : {}),
          }),
        );
    await unchanged();
  });

  it("the rows beside another user's row are out of reach too", async () => {
    for (const step of [-2, -1, 1, 2]) {
      const id = taskOfBen.id + step;
      if (id < 1) continue;
      const answer = await api.ask("GET", taskOf(ann, id), { token: ann.token });
      expect(answer.text).not.toContain(ben.nonce);
      expect([200, 404]).toContain(answer.status);
    }
  });

  const oddIds = [
    "0",
    "-1",
    "2147483648",
    "9223372036854775808",
    "1e3",
    "1.0",
    "1_0",
    "0x1",
    "+1",
    "%201",
    "1%20",
    "%EF%BC%91",
    "%D9%A2",
    "null",
    "NaN",
    "undefined",
    "true",
    "*",
    "_all",
    "%7B1%7D",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "550E8400-E29B-41D4-A716-446655440000",
    "urn:uuid:550e8400-e29b-41d4-a716-446655440000",
    "1'%20OR%20'1'='1",
  ];
  it.each(oddIds)("the row id %s is 404", async (id) => {
    expectRefusal(await api.ask("GET", taskOf(ann, id), { token: ann.token }), "not_found");
  });

  it("no list of ids and no id with something around it finds a row", async () => {
    const own = taskOfAnn.id;
    for (const id of [
      `${taskOfBen.id},${own}`,
      `${own},${taskOfBen.id}`,
      `${own};${taskOfBen.id}`,
      `${own}%7C${taskOfBen.id}`,
      `${own}.json`,
      `${own}.0`,
      `${own}%20`,
      `%20${own}`,
      `+${own}`,
      `${own}_`,
      `${own}%E2%80%8B`,
    ])
      expectRefusal(await api.ask("GET", taskOf(ann, id), { token: ann.token }), "not_found");
  });

  it("a malformed row id is 404 before the members of the body are looked at", async () => {
    const answer = await api.ask("PUT", taskOf(ann, "abc"), { token: ann.token, json: { title: 7 } });
    expectRefusal(answer, "not_found");
  });

  it("an unreadable body is refused before the row is looked for, own or not", async () => {
    const json = [["Content-Type", "application/json"]] as const;
    for (const id of [taskOfAnn.id, taskOfBen.id, absent, "abc"]) {
      const ask = (headers: typeof json | [], body: string) =>
        api.ask("PUT", taskOf(ann, id), { token: ann.token, headers, body });
      expectRefusal(await ask(json, "{bad"), "malformed_body");
      expectRefusal(await ask([], "{}"), "unsupported_media_type");
      expectRefusal(await ask(json, `"${"a".repeat(70_000)}"`), "body_too_large");
    }
  });
});
