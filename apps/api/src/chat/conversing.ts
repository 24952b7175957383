import type { Clock } from "watchword";
import type { Owned, Writer } from "../database/owned.ts";
import type { ConversationRow } from "../database/tables.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { changeableTasksIn } from "../tasks/repository.ts";
import type { Task } from "../tasks/schemas.ts";
import { answerByRules, answerToQuestion, carryOut } from "./assistant.ts";
import type { ChatTasks } from "./finder.ts";
import { sentence } from "./language.ts";
import { emptyMemory, type Memory, readMemory } from "./memory.ts";
import type { AskModel, ModelMessage, Proposal } from "./model.ts";
import { systemPrompt } from "./model-tools.ts";
import { type Reply, say } from "./reply.ts";
import { type ChangeableConversations, changeableConversationsIn } from "./repository.ts";
import type { ChatAnswer, ChatRequest } from "./schemas.ts";
import { cut } from "./words.ts";

const titleCharacters = 80;
const answerCharacters = 20_000;
const modelHistory = 20;
const modelTasks = 100;

/** What an exchange needs. */
export interface Conversing {
  owned: Owned;
  clock: Clock;
  /** The language model, if there is one. */
  askModel: AskModel | null;
  /** Told when the model failed, and how. */
  onModelFailure: (failure: string) => void;
}

/**
 * One message and its answer. Both, and every change of tasks, happen in one transaction; while a model is asked there
 * is none.
 *
 * @throws ApiProblem `not_found` when the conversation is none of the owner's.
 */
export async function converse(
  { owned, clock, askModel, onModelFailure }: Conversing,
  owner: string,
  request: ChatRequest,
): Promise<ChatAnswer> {
  if (askModel === null) {
    return owned.writing(owner, async (mine) => {
      const talk = await openTalk(mine, clock, request);
      return finish(talk, await answerByRules(talk.tasks, request.message, talk.memory));
    });
  }
  const settled = await owned.writing(owner, async (mine) => {
    const talk = await openTalk(mine, clock, request);
    const reply = await answerToQuestion(talk.tasks, request.message, talk.memory);
    return reply === null ? promptOf(talk) : finish(talk, reply);
  });
  if (!Array.isArray(settled)) return settled;
  const proposal = await askModel(settled);
  if (proposal.kind === "failure") onModelFailure(proposal.failure);
  return owned.writing(owner, async (mine) => {
    const talk = await openTalk(mine, clock, request);
    return finish(talk, await carryOutProposal(talk, proposal));
  });
}

/** A conversation inside a transaction; `row` is null until a new one has its first exchange. */
interface Talk {
  conversations: ChangeableConversations;
  tasks: ChatTasks;
  row: ConversationRow | null;
  memory: Memory;
  message: string;
}

async function openTalk(
  mine: Writer,
  clock: Clock,
  { message, conversation_id }: ChatRequest,
): Promise<Talk> {
  const conversations = changeableConversationsIn(mine, clock);
  const tasks = changeableTasksIn(mine, clock);
  if (conversation_id == null) return { conversations, tasks, row: null, memory: emptyMemory, message };
  const row = await conversations.find(conversation_id);
  if (row === undefined) throw new ApiProblem("not_found");
  return { conversations, tasks, row, memory: readMemory(row.pending), message };
}

async function finish({ conversations, row, message }: Talk, reply: Reply): Promise<ChatAnswer> {
  const { id } = row ?? (await conversations.create(titleOf(message)));
  const answer = cut(reply.text, answerCharacters);
  await conversations.record(id, { message, answer, memory: reply.memory });
  return { conversation_id: id, message: answer, tasks: [...reply.tasks] };
}

async function promptOf({ conversations, tasks, row, message }: Talk): Promise<ModelMessage[]> {
  const { items, total } = await tasks.list({ sort: "-created_at", limit: modelTasks, offset: 0 });
  const listed = items.map(({ id, title, completed }) => ({ number: id, title, done: completed }));
  const history = row === null ? [] : await conversations.history(row.id, modelHistory);
  return [
    { role: "system", content: systemPrompt(total, listed) },
    ...history,
    { role: "user", content: message },
  ];
}

/** All of it with the same code as the language, and told by the same reporter. */
async function carryOutProposal({ tasks, memory }: Talk, proposal: Proposal): Promise<Reply> {
  let reply = say("", { ...memory, question: null });
  if (proposal.kind === "failure") return { ...reply, text: sentence(`model_${proposal.failure}`) };
  if (proposal.kind === "text") return { ...reply, text: proposal.text };
  const texts: string[] = [];
  const concerned = new Map<number, Task>();
  for (const command of proposal.commands) {
    reply = await carryOut(tasks, command, reply.memory);
    texts.push(reply.text);
    for (const task of reply.tasks) concerned.set(task.id, task);
  }
  return { ...reply, text: texts.join("\n"), tasks: [...concerned.values()] };
}

/** The first message on one line, as the title of its conversation. */
function titleOf(message: string): string {
  const line = message.replace(/[ \t\n\r]+/g, " ").replace(/^ | $/g, "");
  return cut(line, titleCharacters);
}
