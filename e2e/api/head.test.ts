import { beforeAll, expect, it } from "vitest";
import { type ApiCaller, type Task, taskOf, tasksOf, type User } from "../support/api-caller.ts";
import { describeBackends } from "../support/suite.ts";

describeBackends("HEAD is GET without the body", (api: ApiCaller) => {
  let ann: User;
  let ben: User;
  let task: Task;

  beforeAll(async () => {
    ann = api.user();
    ben = api.user();
    task = await api.addTask(ann);
  });

  it("its status and headers are those of GET, its length too", async () => {
    for (const [path, token] of [
      [tasksOf(ann), ann.token],
      [taskOf(ann, task.id), ann.token],
      [taskOf(ann, 999_999_999), ann.token],
      [tasksOf(ben), ann.token],
      [tasksOf(ann), undefined],
      [`${tasksOf(ann)}?limit=x`, ann.token],
      ["/api/v1/posts", undefined],
      ["/api/v1/posts/999999999", ann.token],
      ["/api/v1/users/me", ann.token],
      ["/api/v1/admin/users", ann.token],
      [`/api/${ann.id}/conversations`, ann.token],
      [`/api/${ann.id}/conversations/999999999`, ann.token],
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
});
