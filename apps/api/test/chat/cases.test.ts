import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../test-api.ts";
import { ChatCase, Talk } from "./chat-case.ts";

const file = new URL("../../../../contract/chat/cases.json", import.meta.url);
const cases = ChatCase.array().parse((JSON.parse(readFileSync(file, "utf8")) as { cases: unknown }).cases);

describe("the assistant", () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it("has enough cases to speak of a language", () => {
    expect(cases.length).toBeGreaterThanOrEqual(120);
  });

  it.each(cases)("answers $id as the contract says", async (one) => {
    const talk = new Talk(api, one.id);
    await talk.make(one.given);
    const say = [];
    for (const { message } of one.say) say.push(await talk.say(message));
    expect({ say, afterwards: await talk.afterwards() }).toEqual({
      say: one.say,
      afterwards: one.afterwards,
    });
  });
});
