import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { askModelAt, modelBounds } from "../../src/chat/model.ts";
import { JsonLog } from "../../src/log.ts";
import { startApi, type TestApi } from "../test-api.ts";
import { ChatCase, Talk } from "./chat-case.ts";
import { StubAnswer, StubModel } from "./stub-model.ts";

const contractFile = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../contract/${name}`, import.meta.url), "utf8"));

const step = ChatCase.shape.say.element.extend({ model: StubAnswer.nullable() });
const ModelCase = ChatCase.extend({ say: z.array(step) });
const { cases } = z.object({ cases: z.array(ModelCase) }).parse(contractFile("chat/model-cases.json"));
const { tools } = z.object({ tools: z.array(z.unknown()) }).parse(contractFile("chat/model.json"));

const key = "sk-of-the-tests-0123456789";
const silent = "The language model did not answer. Nothing was changed. Try again in a moment.";
const unusable = "The language model gave an answer that I cannot use. Nothing was changed. Try other words.";

let model: StubModel;
let api: TestApi;
let baseUrl: string;
let log: string;
let users = 0;

beforeAll(async () => {
  model = new StubModel();
  baseUrl = await model.start();
  const write = (line: string) => {
    log += line;
  };
  const askModel = askModelAt({ baseUrl, key, model: "stub-1" }, 1);
  api = await startApi({ askModel, poolSize: 1, log: new JsonLog(write) });
});
afterAll(async () => {
  await api.close();
  await model.stop();
});
beforeEach(() => {
  log = "";
  model.requests.length = 0;
});

/** A user of a test's own. */
function someone(): { user: string; talk: Talk } {
  users += 1;
  return { user: `user-${users}`, talk: new Talk(api, `user-${users}`) };
}

describe("the assistant with a language model", () => {
  it.each(cases)("answers $id as the contract says", async ({ id, given, say, afterwards }) => {
    const talk = new Talk(api, id);
    await talk.make(given);
    const said = [];
    for (const { message, model: answer } of say) {
      if (answer !== null) model.next(JSON.parse(talk.absolute(JSON.stringify(answer))) as StubAnswer);
      said.push({ ...(await talk.say(message)), model: answer });
    }
    expect({ say: said, afterwards: await talk.afterwards() }).toEqual({ say, afterwards });
    expect(model.requests).toHaveLength(say.filter((one) => one.model !== null).length);
  });

  it("sends the tasks and the conversation in OpenAI's form, with the key as bearer", async () => {
    const { talk } = someone();
    await talk.make([{ title: "Buy “milk” {1}" }, { title: "Pay rent", completed: true }]);
    model.next({ content: "Good morning." });
    await talk.say("good morning");
    model.next({ content: "Yes." });
    await talk.say("are you there?");
    expect(model.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(
      Array(2).fill("POST /v1/chat/completions"),
    );
    const [, request] = model.requests;
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
    });
    const sent = JSON.parse(request?.body ?? "") as { messages: { role: string; content: string }[] };
    expect(Object.keys(sent)).toEqual(["model", "messages", "tools", "tool_choice"]);
    expect(sent).toMatchObject({ model: "stub-1", tools, tool_choice: "auto" });
    const [system, ...others] = sent.messages;
    expect(others).toEqual([
      { role: "user", content: "good morning" },
      { role: "assistant", content: "Good morning." },
      { role: "user", content: "are you there?" },
    ]);
    const told = `[{"number":${talk.absolute("{2}")},"title":"Pay rent","done":true},{"number":${talk.absolute("{1}")},"title":"Buy “milk” {1}","done":false}]`;
    expect(system?.role).toBe("system");
    expect(system?.content.endsWith(`The user has 2 tasks. The newest of them, as JSON: ${told}`)).toBe(true);
  });

  it("sends the last 20 messages and the newest 100 tasks, and no other user's", async () => {
    const { talk } = someone();
    await talk.make(Array.from({ length: 102 }, (_, index) => ({ title: `task ${index}` })));
    for (let index = 0; index < 12; index += 1) {
      model.next({ content: `answer ${index}` });
      await talk.say(`message ${index}`);
    }
    const sent = JSON.parse(model.requests.at(-1)?.body ?? "") as { messages: { content: string }[] };
    expect(sent.messages).toHaveLength(22);
    expect(sent.messages[1]?.content).toBe("message 1");
    const [, told = ""] = sent.messages[0]?.content.split("as JSON: ") ?? [];
    const tasks = JSON.parse(told) as { title: string }[];
    expect(tasks).toHaveLength(100);
    expect([tasks[0]?.title, tasks.at(-1)?.title]).toEqual(["task 101", "task 2"]);
  });

  it("cannot reach another user's task, whatever number it names", async () => {
    const other = someone();
    await other.talk.make([{ title: "secret of another" }]);
    const number = other.talk.absolute("{1}");
    const { talk } = someone();
    model.next({
      calls: [
        { name: "rename_task", arguments: `{"number":${number},"title":"mine"}` },
        { name: "complete_tasks", arguments: `{"numbers":[${number}]}` },
        { name: "delete_tasks", arguments: `{"numbers":[${number}]}` },
      ],
    });
    const { answer, tasks } = await talk.say("take it");
    expect([answer, tasks]).toEqual([Array(3).fill(`You have no task #${number}.`).join("\n"), []]);
    expect(await other.talk.afterwards()).toEqual([
      { task: 1, title: "secret of another", completed: false },
    ]);
  });

  it("holds no connection to the database while the model thinks", async () => {
    const { user, talk } = someone();
    let meanwhile = 0;
    model.next((response) => {
      void api.as(user, "POST", `/api/${user}/tasks`, { title: "meanwhile" }).then(({ status }) => {
        meanwhile = status;
        response.end(JSON.stringify({ choices: [{ message: { content: "Done thinking." } }] }));
      });
    });
    expect((await talk.say("think")).answer).toBe("Done thinking.");
    expect(meanwhile).toBe(201);
  });

  it("is 404 when the conversation is deleted while the model thinks, and changes nothing", async () => {
    const { user, talk } = someone();
    model.next({ content: "Hello." });
    await talk.say("hello");
    const list = await (await api.as(user, "GET", `/api/${user}/conversations`)).json();
    const [{ id }] = (list as { items: [{ id: number }] }).items;
    model.next((response) => {
      void api.as(user, "DELETE", `/api/${user}/conversations/${id}`).then(() => {
        const call = { type: "function", function: { name: "add_task", arguments: '{"title":"late"}' } };
        response.end(JSON.stringify({ choices: [{ message: { tool_calls: [call] } }] }));
      });
    });
    await expect(talk.say("add something")).rejects.toThrow(/^404/);
    expect(await talk.afterwards()).toEqual([]);
  });

  it.each([
    ["a connection that is cut", (response: { destroy(): void }) => response.destroy()],
    ["silence until the time is over", () => undefined],
    ["a body that never ends", (response: { write(text: string): void }) => response.write("{")],
  ])("answers %s with a sentence, in a conversation that is kept", async (_, answer) => {
    const { user, talk } = someone();
    model.next(answer);
    expect(await talk.say("hello?")).toEqual({ message: "hello?", answer: silent, tasks: [] });
    const list = await (await api.as(user, "GET", `/api/${user}/conversations`)).json();
    expect(list).toMatchObject({ total: 1, items: [{ title: "hello?" }] });
    expect(log).toContain('"error.type":"silent"');
  });

  it("does not read an answer beyond 256 KiB", async () => {
    const { talk } = someone();
    const padding = " ".repeat(modelBounds.maxBytes);
    model.next({ text: `${padding}{"choices":[{"message":{"content":"hello"}}]}` });
    expect((await talk.say("hello")).answer).toBe(unusable);
  });

  it("writes neither key nor message nor answer into the log", async () => {
    const { talk } = someone();
    model.next({ status: 401, text: `{"error":"${key} is wrong"}` });
    await talk.say("my secret message");
    expect(log).toContain('"event.name":"watchword.chat.model_failed"');
    expect(log).toContain('"error.type":"refused"');
    expect(log).not.toContain(key);
    expect(log).not.toContain("secret message");
  });

  it("is asked within the bounds that the contract names", () => {
    const { chat } = contractFile("defaults.json") as {
      chat: Record<string, { value?: number; max?: number }>;
    };
    expect(modelBounds).toEqual({
      timeoutSeconds: chat["model_timeout_seconds"]?.value,
      maxBytes: chat["model_max_bytes"]?.value,
      maxToolCalls: chat["model_tool_calls"]?.max,
      maxTextCharacters: chat["answer_characters"]?.max,
    });
  });
});
