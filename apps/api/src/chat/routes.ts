import { z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import type { Clock } from "watchword";
import type { Database } from "../database/open.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { readJson } from "../http/body.ts";
import type { ApiEnvironment } from "../http/environment.ts";
import { type Api, addOperation, jsonBody, jsonResponse, problems } from "../http/operations.ts";
import { validateBody, validateQuery } from "../http/violations.ts";
import type { Log } from "../log.ts";
import type { TaskWatchers } from "../tasks/watchers.ts";
import { converse } from "./conversing.ts";
import type { AskModel } from "./model.ts";
import { changeableConversationsIn, conversationsIn } from "./repository.ts";
import {
  ChatAnswer,
  ChatRequest,
  ConversationDetail,
  ConversationList,
  ConversationQuery,
} from "./schemas.ts";

const collection = "/api/{user_id}/conversations";
const single = "/api/{user_id}/conversations/{conversation_id}";
const ownerPath = z.object({ user_id: z.string() });
const conversationPath = ownerPath.extend({ conversation_id: z.int().min(1).max(999_999_999) });
const base = { tags: ["chat"], security: [{ bearerAuth: [] }] };

export interface ChatRoutesOptions {
  database: Database;
  clock: Clock;
  /** Who is told of changes of tasks. */
  watchers: TaskWatchers;
  log: Log;
  /** Steps before each operation: they authenticate the caller and compare the URL's user with it. */
  owner: MiddlewareHandler[];
  /** The language model that chooses what to do; without one the assistant's own rules do. */
  askModel: AskModel | null;
}

/** The assistant, and what was said to it. */
export function addChatRoutes(api: Api, options: ChatRoutesOptions): void {
  const { database, clock, watchers, log, owner, askModel } = options;
  const { owned } = database;

  addOperation(
    api,
    {
      ...base,
      method: "post",
      path: "/api/{user_id}/chat",
      operationId: "chat",
      request: { params: ownerPath, body: jsonBody(ChatRequest) },
      responses: {
        200: jsonResponse("The assistant's answer", ChatAnswer),
        ...problems(400, 401, 403, 404, 413, 415, 422, 429, 503),
      },
    },
    owner,
    async (c) => {
      const request = validateBody(ChatRequest, await readJson(c));
      const onModelFailure = (failure: string) =>
        log.error("watchword.chat.model_failed", {
          "error.type": failure,
          "http.request.id": c.get("requestId"),
        });
      const answer = await converse({ owned, clock, askModel, onModelFailure }, ownerOf(c), request);
      watchers.wake(ownerOf(c));
      return c.json(answer);
    },
  );

  addOperation(
    api,
    {
      ...base,
      method: "get",
      path: collection,
      operationId: "listConversations",
      request: { params: ownerPath, query: ConversationQuery },
      responses: {
        200: jsonResponse("The conversations of the user", ConversationList),
        ...problems(400, 401, 403, 422, 429, 503),
      },
    },
    owner,
    async (c) => {
      const query = validateQuery(ConversationQuery, c.req.url);
      return c.json(await owned.reading(ownerOf(c), (mine) => conversationsIn(mine).list(query)));
    },
  );

  addOperation(
    api,
    {
      ...base,
      method: "get",
      path: single,
      operationId: "getConversation",
      request: { params: conversationPath },
      responses: {
        200: jsonResponse("The conversation with its messages", ConversationDetail),
        ...problems(400, 401, 403, 404, 429, 503),
      },
    },
    owner,
    async (c) => {
      const id = conversationIdOf(c);
      const detail = await owned.reading(ownerOf(c), (mine) => conversationsIn(mine).detail(id));
      return c.json(found(detail));
    },
  );

  addOperation(
    api,
    {
      ...base,
      method: "delete",
      path: single,
      operationId: "deleteConversation",
      request: { params: conversationPath },
      responses: { 204: { description: "Deleted" }, ...problems(400, 401, 403, 404, 429, 503) },
    },
    owner,
    async (c) => {
      const id = conversationIdOf(c);
      await owned.writing(ownerOf(c), async (mine) => {
        const conversations = changeableConversationsIn(mine, clock);
        await conversations.remove(found(await conversations.find(id)).id);
      });
      return c.body(null, 204);
    },
  );
}

/** The owner of every row a request may touch is the token's `sub`, whatever else was sent. */
function ownerOf(c: Context<ApiEnvironment>): string {
  return c.get("identity").userId;
}

function conversationIdOf(c: Context<ApiEnvironment>): number {
  const id = c.req.param("conversation_id") ?? "";
  if (!/^[0-9]{1,9}$/.test(id)) throw new ApiProblem("not_found");
  return Number(id);
}

/** A missing and a foreign row are the same 404. */
function found<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new ApiProblem("not_found");
  return row;
}
