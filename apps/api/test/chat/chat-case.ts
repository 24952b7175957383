import { z } from "zod";
import type { TestApi } from "../test-api.ts";

const given = z.strictObject({
  title: z.string(),
  description: z.string().optional(),
  completed: z.boolean().optional(),
});

/** One case of contract/chat/cases.json; tasks are named by the order in which they were made, from 1. */
export const ChatCase = z.strictObject({
  id: z.string(),
  given: z.array(given),
  say: z.array(z.strictObject({ message: z.string(), answer: z.string(), tasks: z.array(z.int()) })),
  afterwards: z.array(z.strictObject({ task: z.int(), title: z.string(), completed: z.boolean() })),
});
export type ChatCase = z.output<typeof ChatCase>;

interface AnsweredTask {
  id: number;
  title: string;
  completed: boolean;
}

/** Says the messages of a case as a user of its own, and gives what was answered and what is there, in the words of the case. */
export async function runCase(api: TestApi, { id: user, given: tasks, say }: ChatCase) {
  const ids: number[] = [];
  for (const task of tasks) {
    ids.push(((await read(await api.as(user, "POST", `/api/${user}/tasks`, task))) as AnsweredTask).id);
  }
  const said: ChatCase["say"] = [];
  let conversation_id: number | null = null;
  for (const { message } of say) {
    const sent = message.replace(/\{(\d+)\}/g, (_, number: string) => String(ids[Number(number) - 1]));
    const response = await api.as(user, "POST", `/api/${user}/chat`, { message: sent, conversation_id });
    const answer = (await read(response)) as {
      conversation_id: number;
      message: string;
      tasks: AnsweredTask[];
    };
    conversation_id = answer.conversation_id;
    for (const { id } of answer.tasks) if (!ids.includes(id)) ids.push(id);
    said.push({
      message,
      answer: relative(answer.message, ids),
      tasks: answer.tasks.map(({ id }) => ids.indexOf(id) + 1),
    });
  }
  const list = await read(await api.as(user, "GET", `/api/${user}/tasks?sort=created_at&limit=100`));
  const afterwards = (list as { items: AnsweredTask[] }).items.map(({ id, title, completed }) => ({
    task: ids.indexOf(id) + 1,
    title,
    completed,
  }));
  return { say: said, afterwards };
}

/** `#17` as `#{2}` where 17 is the second task. */
function relative(text: string, ids: readonly number[]): string {
  return text.replace(/#(\d+)/g, (name, number: string) => {
    const index = ids.indexOf(Number(number));
    return index === -1 ? name : `#{${index + 1}}`;
  });
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return JSON.parse(text);
}
