import { expect, it } from "vitest";
import { type ApiCaller, type Task, tasksOf } from "../support/api-caller.ts";
import { RawConnection } from "../support/raw-request.ts";
import { describeBackends } from "../support/suite.ts";

describeBackends("requests at the same time do not touch each other", (api: ApiCaller) => {
  it("two hundred alternating requests each get their asker's data", async () => {
    const users = [api.user(), api.user()] as const;
    for (const user of users) await api.addTask(user);
    const askers = Array.from({ length: 200 }, (_, index) => users[index % 2 === 0 ? 0 : 1]);
    await Promise.all(
      askers.map(async (user, index) => {
        if (index % 4 < 2) {
          const { items } = await api.listTasks(user);
          expect(new Set(items.map(({ user_id }) => user_id))).toEqual(new Set([user.id]));
        } else {
          const answer = await api.ask("GET", "/api/v1/users/me", { token: user.token });
          expect(answer.json()).toMatchObject({ id: user.id, email: user.email });
        }
      }),
    );
  });

  it("a request that its caller gave up leaves nothing behind for the next", async () => {
    const ann = api.user();
    const ben = api.user();
    await api.addTask(ann);
    for (let count = 0; count < 20; count++) {
      const connection = await RawConnection.open(api.origin);
      connection.send(
        `GET ${tasksOf(ann)} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${ann.token}\r\n\r\n`,
      );
      connection.close();
      expect(await api.listTasks(ben)).toMatchObject({ items: [], total: 0 });
    }
  });

  it("rows written by two users at once go to their own", async () => {
    const users = [api.user(), api.user()];
    const headers = [["Idempotency-Key", "the-same-key"]] as const;
    const created = await Promise.all(
      users.map(async (user) => {
        const answer = await api.ask("POST", tasksOf(user), {
          token: user.token,
          headers,
          json: { title: "x" },
        });
        return answer.json() as Task;
      }),
    );
    expect(created.map(({ user_id }) => user_id)).toEqual(users.map(({ id }) => id));
    for (const user of users) expect((await api.listTasks(user)).total).toBe(1);
  });
});
