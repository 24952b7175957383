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

interface Answer {
  conversation_id: number;
  message: string;
  tasks: AnsweredTask[];
}

interface AnsweredTask {
  id: number;
  title: string;
  completed: boolean;
}

/** The tasks of one user, and a conversation about them. */
export class Talk {
  readonly #api: TestApi;
  readonly #user: string;
  readonly #ids: number[] = [];
  #conversation: number | null = null;

  constructor(api: TestApi, user: string) {
    this.#api = api;
    this.#user = user;
  }

  /** Makes these tasks one after another. */
  async make(tasks: ChatCase["given"]): Promise<void> {
    for (const task of tasks)
      this.#ids.push(((await this.#answered("POST", "tasks", task)) as AnsweredTask).id);
  }

  /** Says a message, and gives what was answered. */
  async say(message: string): Promise<ChatCase["say"][number]> {
    const said = { message: this.absolute(message), conversation_id: this.#conversation };
    const answer = (await this.#answered("POST", "chat", said)) as Answer;
    this.#conversation = answer.conversation_id;
    for (const { id } of answer.tasks) if (!this.#ids.includes(id)) this.#ids.push(id);
    const tasks = answer.tasks.map(({ id }) => this.#ids.indexOf(id) + 1);
    return { message, answer: relative(answer.message, this.#ids), tasks };
  }

  /** All tasks of the user. */
  async afterwards(): Promise<ChatCase["afterwards"]> {
    const page = (await this.#answered("GET", "tasks?sort=created_at&limit=100")) as {
      items: AnsweredTask[];
    };
    return page.items.map(({ id, title, completed }) => ({
      task: this.#ids.indexOf(id) + 1,
      title,
      completed,
    }));
  }

  /** `{2}` as the number of the second task. */
  absolute(text: string): string {
    return text.replace(/\{(\d+)\}/g, (_, number: string) => String(this.#ids[Number(number) - 1]));
  }

  async #answered(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#api.as(this.#user, method, `/api/${this.#user}/${path}`, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status} ${text}`);
    return JSON.parse(text);
  }
}

/** `#17` as `#{2}` where 17 is the second task. */
function relative(text: string, ids: readonly number[]): string {
  return text.replace(/#(\d+)/g, (name, number: string) => {
    const index = ids.indexOf(Number(number));
    return index === -1 ? name : `#{${index + 1}}`;
  });
}
