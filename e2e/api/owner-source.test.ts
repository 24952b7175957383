import { beforeAll, expect, it } from "vitest";
import { type ApiCaller, type Task, taskOf, tasksOf, type User } from "../support/api-caller.ts";
import { expectRefusal } from "../support/conformance.ts";
import { describeBackends } from "../support/suite.ts";
import { tokenFor } from "../support/token.ts";

describeBackends("the owner is the token's sub and comes from nowhere else", (api: ApiCaller) => {
  let ann: User;
  let ben: User;
  let task: Task;

  beforeAll(async () => {
    ann = api.user();
    ben = api.user();
    task = await api.addTask(ann);
    await api.addTask(ben);
  });

  const onlyOwn = async () => {
    const listOfAnn = await api.listTasks(ann);
    const listOfBen = await api.listTasks(ben);
    expect(new Set(listOfAnn.items.map(({ user_id }) => user_id))).toEqual(new Set([ann.id]));
    expect(listOfBen.total).toBe(1);
    expect(JSON.stringify(listOfBen)).not.toContain(ann.nonce);
  };

  const names = [
    "user_id",
    "userId",
    "user",
    "owner",
    "owner_id",
    "ownerId",
    "author_id",
    "sub",
    "tenant_id",
    "createdBy",
    "_user",
  ];
  it.each(names)("a member %s of a new task is ignored", async (name) => {
    const created = await api.addTask(ann, { [name]: ben.id });
    expect(created.user_id).toBe(ann.id);
    await onlyOwn();
  });

  it.each(names)("a member %s of a change gives nothing away", async (name) => {
    const answer = await api.ask("PATCH", taskOf(ann, task.id), {
      token: ann.token,
      json: { [name]: ben.id },
    });
    expect(answer.json()).toEqual(task);
    await onlyOwn();
  });

  it("a PUT with another owner keeps the owner", async () => {
    const own = await api.addTask(ann);
    const json = { title: own.title, description: null, completed: true, user_id: ben.id };
    const answer = await api.ask("PUT", taskOf(ann, own.id), { token: ann.token, json });
    expect((answer.json() as Task).user_id).toBe(ann.id);
    await onlyOwn();
  });

  it.each([[null], [""], [[]], [{ $ne: null }], [0], [true]])(
    "user_id %j in a change is ignored",
    async (value) => {
      const answer = await api.ask("PATCH", taskOf(ann, task.id), {
        token: ann.token,
        json: { user_id: value },
      });
      expect(answer.json()).toEqual(task);
    },
  );

  it("a repeated user_id is ignored", async () => {
    const body = `{"title":"x","user_id":"${ann.id}","user_id":"${ben.id}"}`;
    const headers = [["Content-Type", "application/json"]] as const;
    const answer = await api.ask("POST", tasksOf(ann), { token: ann.token, headers, body });
    expect((answer.json() as Task).user_id).toBe(ann.id);
    await onlyOwn();
  });

  const queries = [
    "user_id={B}",
    "userId={B}",
    "owner={B}",
    "sub={B}",
    "filter[user_id]={B}",
    'where={"user_id":"{B}"}',
    "user_id[$ne]={A}",
    "user_id[]={A}&user_id[]={B}",
    "user_id={A}&user_id={B}",
    "nxtPuser_id={B}",
    "fields=*",
    "include=user,owner,session",
    "expand=user",
    "_method=DELETE",
  ];
  it.each(queries)("the query ?%s shows the caller's tasks only", async (query) => {
    const text = query.replaceAll("{A}", ann.id).replaceAll("{B}", ben.id);
    const list = await api.listTasks(
      ann,
      `?${text.replaceAll('"', "%22").replaceAll("{", "%7B").replaceAll("}", "%7D")}`,
    );
    expect(new Set(list.items.map(({ user_id }) => user_id))).toEqual(new Set([ann.id]));
  });

  it.each([
    "X-User-Id",
    "X-Forwarded-User",
    "X-Remote-User",
    "Remote-User",
    "X-Auth-Request-User",
    "X-Authenticated-Userid",
    "Impersonate-User",
  ])("the header %s names nobody", async (name) => {
    const headers = [[name, ben.id]] as const;
    const own = await api.ask("GET", tasksOf(ann), { token: ann.token, headers });
    expect(own.status).toBe(200);
    expect(own.text).not.toContain(ben.nonce);
    expectRefusal(await api.ask("GET", tasksOf(ben), { token: ann.token, headers }), "wrong_subject");
    expectRefusal(await api.ask("GET", tasksOf(ben), { headers }), "missing");
  });

  it("cookies name nobody", async () => {
    const headers = [["Cookie", `user_id=${ben.id}; better-auth.session_token=${ben.token}`]] as const;
    const own = await api.ask("GET", tasksOf(ann), { token: ann.token, headers });
    expect(own.status).toBe(200);
    expectRefusal(await api.ask("GET", tasksOf(ben), { token: ann.token, headers }), "wrong_subject");
    expectRefusal(await api.ask("GET", tasksOf(ben), { headers }), "missing");
  });

  it.each(["user_id", "userId", "id", "uid", "username"])(
    "a claim %s beside sub names nobody",
    async (name) => {
      const token = tokenFor(api.realm, ann.id, { [name]: ben.id });
      expect((await api.ask("GET", tasksOf(ann), { token })).status).toBe(200);
      expectRefusal(await api.ask("GET", tasksOf(ben), { token }), "wrong_subject");
    },
  );

  it("a role or scope in the token opens no other user's tasks", async () => {
    const token = tokenFor(api.realm, ann.id, { role: "admin", scope: "tasks:read tasks:write admin" });
    expectRefusal(await api.ask("GET", tasksOf(ben), { token }), "wrong_subject");
  });

  it.each([
    ["application/x-www-form-urlencoded", "title=x&user_id=b&_method=DELETE"],
    [
      "multipart/form-data; boundary=x",
      '--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nx\r\n--x--\r\n',
    ],
  ])("a form of type %s is 415", async (type, body) => {
    const headers = [["Content-Type", type]] as const;
    expectRefusal(
      await api.ask("POST", tasksOf(ann), { token: ann.token, headers, body }),
      "unsupported_media_type",
    );
  });
});
