import { beforeEach, expect, it } from "vitest";
import { type ApiCaller, type Task, taskOf, tasksOf, type User } from "../support/api-caller.ts";
import { expectRefusal } from "../support/conformance.ts";
import { describeBackends } from "../support/suite.ts";

describeBackends("members that are not the caller's to set are ignored", (api: ApiCaller) => {
  let ann: User;
  let ben: User;
  let task: Task;

  beforeEach(async () => {
    ann = api.user();
    ben = api.user();
    task = await api.addTask(ann);
  });

  it("an id in a new task overwrites nothing", async () => {
    const taskOfBen = await api.addTask(ben);
    for (const id of [taskOfBen.id, task.id, 999_999_998, "1", null, -1]) {
      const created = await api.addTask(ann, { id });
      expect(created.id).not.toBe(taskOfBen.id);
      expect(created.id).toBeLessThan(999_999_998);
    }
    expect(await api.readTask(ben, taskOfBen.id)).toEqual(taskOfBen);
    expect(await api.readTask(ann, task.id)).toEqual(task);
  });

  const members = {
    id: 7,
    version: 99,
    created_at: "2001-01-01T00:00:00.000Z",
    updated_at: "2001-01-01T00:00:00.000Z",
    completed_at: "2001-01-01T00:00:00.000Z",
    is_admin: true,
    role: "admin",
    deleted: true,
    list_id: 1,
    parent_id: 1,
    assignee_id: "somebody",
    tag_ids: [1, 2],
  };

  it("a new task is stored without them", async () => {
    const created = await api.addTask(ann, members);
    expect(created.version).toBe(1);
    expect(created.id).not.toBe(members.id);
    expect(created.created_at > "2020").toBe(true);
    expect(created.updated_at).toBe(created.created_at);
    expect(await api.readTask(ann, created.id)).toEqual(created);
  });

  it("a change that holds nothing else changes nothing", async () => {
    const answer = await api.ask("PATCH", taskOf(ann, task.id), { token: ann.token, json: members });
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual(task);
  });

  it("members that name a prototype or an operator are ignored", async () => {
    const headers = [["Content-Type", "application/json"]] as const;
    const body =
      '{"title":"t","__proto__":{"user_id":"b","is_admin":true},"constructor":{"prototype":{"x":1}},"$set":{"user_id":"b"},"$where":"1","toJSON":"x"}';
    const answer = await api.ask("POST", tasksOf(ann), { token: ann.token, headers, body });
    expect(answer.status).toBe(201);
    expect((answer.json() as Task).user_id).toBe(ann.id);
    expectRefusal(await api.ask("GET", tasksOf(ann)), "missing");
    expect((await api.listTasks(ben)).total).toBe(0);
  });

  it("members only inside __proto__ do not count as sent", async () => {
    const headers = [["Content-Type", "application/json"]] as const;
    const answer = await api.ask("POST", tasksOf(ann), {
      token: ann.token,
      headers,
      body: '{"__proto__":{"title":"t"}}',
    });
    expectRefusal(answer, "validation_failed");
  });

  it.each([
    ["application/json-patch+json", '[{"op":"replace","path":"/user_id","value":"b"}]'],
    ["application/merge-patch+json", '{"user_id":null}'],
    ["application/vnd.api+json", "{}"],
  ])("a change of type %s is 415", async (type, body) => {
    const headers = [["Content-Type", type]] as const;
    const answer = await api.ask("PATCH", taskOf(ann, task.id), { token: ann.token, headers, body });
    expectRefusal(answer, "unsupported_media_type");
    expect(await api.readTask(ann, task.id)).toEqual(task);
  });

  it("a list where one task is expected writes nothing", async () => {
    for (const json of [[{ title: "a" }], Array.from({ length: 1000 }, () => ({ title: "a" }))])
      expectRefusal(await api.ask("POST", tasksOf(ann), { token: ann.token, json }), "validation_failed");
    expect((await api.listTasks(ann)).total).toBe(1);
  });
});
