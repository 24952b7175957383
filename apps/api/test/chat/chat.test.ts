import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemOf, startApi, type TestApi } from "../test-api.ts";

interface Answer {
  conversation_id: number;
  message: string;
  tasks: { id: number; user_id: string; title: string }[];
}

interface Conversation {
  id: number;
  title: string;
  created_at: string;
  updated_at: string;
  messages: { id: number; role: string; content: string; created_at: string }[];
}

let api: TestApi;
let users = 0;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** A user of a test's own, with the requests of this part of the API. */
function someone() {
  users += 1;
  const user = `user-${users}`;
  const request = (method: string, path: string, body?: unknown, of = user) =>
    api.as(user, method, `/api/${of}/${path}`, body);
  return {
    user,
    request,
    async say(message: string, conversation_id?: number) {
      const response = await request("POST", "chat", { message, conversation_id });
      expect(response.status).toBe(200);
      return (await response.json()) as Answer;
    },
    async read(path: string) {
      return (await (await request("GET", path)).json()) as Conversation & {
        items: Conversation[];
        total: number;
      };
    },
  };
}

describe("POST …/chat", () => {
  it("answers with the tasks it speaks of, in a conversation that goes on", async () => {
    const ann = someone();
    const first = await ann.say("add buy milk");
    expect(first.tasks).toMatchObject([{ user_id: ann.user, title: "buy milk" }]);
    const second = await ann.say("done with it", first.conversation_id);
    expect(second).toMatchObject({
      conversation_id: first.conversation_id,
      tasks: [{ completed: true, version: 2 }],
    });
    expect((await ann.say("hello")).conversation_id).not.toBe(first.conversation_id);
  });

  it.each([
    [{}, [["/message", "required"]]],
    [{ message: 5 }, [["/message", "invalid_type"]]],
    [{ message: "" }, [["/message", "too_short"]]],
    [{ message: " \n\t" }, [["/message", "blank"]]],
    [{ message: "a\u0000" }, [["/message", "invalid_text"]]],
    [{ message: "x".repeat(2001) }, [["/message", "too_long"]]],
    [{ message: "hi", conversation_id: "1" }, [["/conversation_id", "invalid_type"]]],
    [{ message: "hi", conversation_id: true }, [["/conversation_id", "invalid_type"]]],
    [{ message: "hi", conversation_id: 1.5 }, [["/conversation_id", "invalid_type"]]],
    ['{"message":"hi","conversation_id":1e999}', [["/conversation_id", "invalid_type"]]],
    [`{"message":"hi","conversation_id":1${"0".repeat(350)}}`, [["/conversation_id", "invalid_type"]]],
    [{ message: "hi", conversation_id: 0 }, [["/conversation_id", "too_small"]]],
    [{ message: "hi", conversation_id: 1_000_000_000 }, [["/conversation_id", "too_big"]]],
    ['{"message":"hi","conversation_id":100000000000000000000}', [["/conversation_id", "too_big"]]],
    [
      { message: "", conversation_id: -1 },
      [
        ["/message", "too_short"],
        ["/conversation_id", "too_small"],
      ],
    ],
    [[], [["", "invalid_type"]]],
  ])("refuses %j with 422", async (body, faults) => {
    const { status, errors } = await problemOf(await someone().request("POST", "chat", body));
    expect(status).toBe(422);
    expect(errors).toEqual(faults.map(([pointer, code]) => ({ in: "body", pointer, code })));
  });

  it("takes 2000 characters, counted in code points", async () => {
    expect((await someone().say("😀".repeat(2000))).message).toMatch(/^I did not understand/);
  });

  it("takes a whole number however it is written, and null for a new conversation", async () => {
    const ann = someone();
    const { conversation_id: id } = await ann.say("hello");
    const response = await ann.request("POST", "chat", `{"message":"hello","conversation_id":${id}.0}`);
    expect(await response.json()).toMatchObject({ conversation_id: id });
    expect((await ann.request("POST", "chat", { message: "hello", conversation_id: null })).status).toBe(200);
  });

  it("is 404 for a conversation of nobody and of another, after 422, and changes nothing", async () => {
    const [ann, bob] = [someone(), someone()];
    const { conversation_id: id } = await bob.say("add a secret");
    const foreign = await ann.request("POST", "chat", { message: "add x", conversation_id: id });
    const absent = await ann.request("POST", "chat", { message: "add x", conversation_id: 999_999_999 });
    expect(foreign.status).toBe(404);
    expect(await foreign.text()).toBe(await absent.text());
    expect((await ann.request("POST", "chat", { message: "", conversation_id: id })).status).toBe(422);
    expect((await ann.read("tasks")).total).toBe(0);
    expect((await bob.read(`conversations/${id}`)).messages).toHaveLength(2);
  });

  it("reaches no task of another user, by number, by words or by all", async () => {
    const [ann, bob] = [someone(), someone()];
    const { tasks } = await bob.say("add buy milk");
    const id = tasks[0]?.id ?? 0;
    for (const said of [
      `delete ${id}`,
      `done ${id}`,
      `rename ${id} to x`,
      `show ${id}`,
      "delete milk",
      "list all",
    ]) {
      expect((await ann.say(said)).tasks).toEqual([]);
    }
    await ann.say("delete everything");
    expect(await bob.read("tasks")).toMatchObject({ total: 1, items: [{ title: "buy milk", version: 1 }] });
  });

  it("records one change for each task that it changes", async () => {
    const ann = someone();
    await ann.say("add one");
    await ann.say("add two");
    await ann.say("complete all");
    const rows = await api.store.run(
      `SELECT id, kind FROM task_changes WHERE user_id = '${ann.user}' ORDER BY id`,
    );
    expect(rows.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      "1 created",
      "2 created",
      "3 updated",
      "4 updated",
    ]);
  });

  it("is all or nothing: without its messages no task is changed", async () => {
    const ann = someone();
    await api.store.run("ALTER TABLE messages RENAME TO messages_away");
    const broken = await ann.request("POST", "chat", { message: "add buy milk" });
    await api.store.run("ALTER TABLE messages_away RENAME TO messages");
    expect(broken.status).toBe(500);
    expect((await ann.read("tasks")).total).toBe(0);
    expect((await ann.read("conversations")).total).toBe(0);
    expect((await ann.say("add buy milk")).message).toMatch(/^Added /);
  });

  it("loses nothing of messages that arrive together", async () => {
    const ann = someone();
    const { conversation_id: id } = await ann.say("hello");
    await Promise.all(Array.from({ length: 10 }, (_, index) => ann.say(`add errand ${index}`, id)));
    expect((await ann.read("tasks")).total).toBe(10);
    const { messages } = await ann.read(`conversations/${id}`);
    expect(messages.map(({ role }) => role)).toEqual(Array(11).fill(["user", "assistant"]).flat());
    for (let index = 0; index < messages.length; index += 2) {
      const [said, answer] = [messages[index]?.content ?? "", messages[index + 1]?.content ?? ""];
      expect(answer).toContain(said === "hello" ? "Hello." : said.replace("add ", ""));
    }
  });
});

describe("conversations", () => {
  it("show their messages, the oldest first", async () => {
    const ann = someone();
    const { conversation_id: id, message } = await ann.say("  hello\n there ");
    const { messages, ...conversation } = await ann.read(`conversations/${id}`);
    const at = "2026-01-02T03:04:05.678Z";
    expect(conversation).toEqual({ id, title: "hello there", created_at: at, updated_at: at });
    expect(messages.map(({ id: _, ...one }) => one)).toEqual([
      { role: "user", content: "  hello\n there ", created_at: at },
      { role: "assistant", content: message, created_at: at },
    ]);
  });

  it("are named by the first 80 characters of the first message", async () => {
    const ann = someone();
    const { conversation_id: id } = await ann.say("😀".repeat(81));
    await ann.say("hello", id);
    expect((await ann.read(`conversations/${id}`)).title).toBe("😀".repeat(80));
  });

  it("are listed by their last message, page by page", async () => {
    const ann = someone();
    const ids: number[] = [];
    for (const message of ["one", "two", "three"]) {
      ids.push((await ann.say(message)).conversation_id);
      api.clock.advance(1);
    }
    await ann.say("again", ids[0]);
    const [one, two, three] = ids;
    const listed = (page: { items: Conversation[] }) => page.items.map(({ id }) => id);
    const all = await ann.read("conversations");
    expect(all).toMatchObject({ total: 3, limit: 50, offset: 0 });
    expect(listed(all)).toEqual([one, three, two]);
    expect(listed(await ann.read("conversations?limit=1&offset=1"))).toEqual([three]);
    expect((await ann.request("GET", "conversations?limit=0")).status).toBe(422);
  });

  it("are deleted with their messages, and no task", async () => {
    const ann = someone();
    const { conversation_id: id } = await ann.say("add buy milk");
    const response = await ann.request("DELETE", `conversations/${id}`);
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect((await ann.request("GET", `conversations/${id}`)).status).toBe(404);
    expect((await ann.request("DELETE", `conversations/${id}`)).status).toBe(404);
    expect((await ann.read("tasks")).total).toBe(1);
    const rows = await api.store.run(`SELECT id FROM messages WHERE user_id = '${ann.user}'`);
    expect(rows).toEqual([]);
  });

  it.each(["GET", "DELETE"])("of another answer %s like one of nobody, and stay", async (method) => {
    const [ann, bob] = [someone(), someone()];
    const { conversation_id: id } = await bob.say("hello");
    const foreign = await ann.request(method, `conversations/${id}`);
    const absent = await ann.request(method, "conversations/999999999");
    expect(foreign.status).toBe(404);
    expect(await foreign.text()).toBe(await absent.text());
    expect(
      (await problemOf(await ann.request(method, `conversations/${id}`, undefined, bob.user))).code,
    ).toBe("wrong_subject");
    expect((await bob.read("conversations")).total).toBe(1);
    expect((await ann.read("conversations")).total).toBe(0);
  });

  it.each(["abc", "0", "1.0", "-1", "1234567890", "%31x"])(
    "are 404 under the malformed id %s",
    async (id) => {
      expect((await someone().request("GET", `conversations/${id}`)).status).toBe(404);
    },
  );
});
