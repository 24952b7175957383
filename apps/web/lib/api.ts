import {
  type ChatAnswer,
  type ConversationDetail,
  type ConversationList,
  createTodoClient,
  dataOf,
  type Post,
  type PostCreate,
  type PostList,
  type Profile,
  type ProfileUpdate,
  type Task,
  type TaskList,
  type TodoClient,
  type UserList,
} from "@watchword/todo-client";
import { fetchToken, type GetToken, type TokenGrant } from "watchword/client";
import { askingFetch, browserFetch, visitorFetch } from "./browser-fetch.ts";
import { decodeUnverified } from "./decode-token.ts";
import { observedFetch } from "./observed-fetch.ts";
import { otherAudience } from "./other-audience.ts";
import { pageSize } from "./page-size.ts";
import { pathUserId } from "./path-user-id.ts";
import { ask, type RawAnswer } from "./raw-answer.ts";
import type { RoadLog } from "./road-log.ts";
import type { TaskDraft, TaskQuery } from "./task.ts";

export type Api = ReturnType<typeof createApi>;

/** What of the API anyone may use who is not signed in. */
export type PostsApi = ReturnType<typeof createVisitorApi>;

interface ApiOptions {
  /** Public address of the API, or the proxy's path on this origin; without a slash at the end. */
  readonly apiUrl: string;
  /** The signed-in user: every path names it, and the API compares it with the token. */
  readonly userId: string;
  /** The browser's session has become another user's, in another tab: this page belongs to nobody any more. */
  readonly onOtherUser: () => void;
  /** Where every request is noted. */
  readonly roadLog: RoadLog;
}

/**
 * The Todo API on behalf of one user. Every call carries that user's token, fetched and renewed as needed, or
 * gets it from the proxy on its way.
 * Calls reject with the typed errors of `watchword/client`, or with `UnexpectedAnswerError`.
 */
export function createApi({ apiUrl, userId, onOtherUser, roadLog }: ApiOptions) {
  const fetch = observedFetch({ log: roadLog, apiUrl, userId });
  const tokenFrom = (address: string) => ofUser(userId, fetchToken(address, { fetch }), onOtherUser);
  const getToken = tokenFrom("/api/auth/token");
  const getShortToken = tokenFrom("/api/auth/token?ttlSeconds=60");
  const getOtherToken = tokenFrom(`/api/auth/token?audience=${encodeURIComponent(otherAudience)}`);
  const authFetch = browserFetch({ apiUrl, userId, getToken, onOtherUser, fetch });
  const asking = askingFetch({ apiUrl, userId, fetch });
  const client = createTodoClient({ baseUrl: apiUrl, fetch: authFetch });
  const own = { user_id: pathUserId(userId) };

  return {
    ...postCalls(client),

    listTasks(query: TaskQuery, offset: number, signal: AbortSignal): Promise<TaskList> {
      const params = { path: own, query: { ...page(offset), ...conditions(query) } };
      return dataOf(client.GET("/api/{user_id}/tasks", { params, signal }));
    },

    createTask(draft: TaskDraft): Promise<Task> {
      return dataOf(client.POST("/api/{user_id}/tasks", { params: { path: own }, body: draft }));
    },

    /** Changes title and description; refused with 412 when the task is no longer at `version`. */
    updateTask(taskId: number, version: number, draft: TaskDraft): Promise<Task> {
      const params = {
        path: { ...own, task_id: taskId },
        header: { "If-Match": `"${version}"` },
      };
      return dataOf(client.PATCH("/api/{user_id}/tasks/{task_id}", { params, body: draft }));
    },

    setCompleted(taskId: number, completed: boolean): Promise<Task> {
      const params = { path: { ...own, task_id: taskId } };
      return dataOf(client.PATCH("/api/{user_id}/tasks/{task_id}/complete", { params, body: { completed } }));
    },

    async deleteTask(taskId: number): Promise<void> {
      await client.DELETE("/api/{user_id}/tasks/{task_id}", {
        params: { path: { ...own, task_id: taskId } },
      });
    },

    /** Opens the stream of task changes, from behind the change `lastEventId` on; it lasts until `signal` or the server ends it. */
    async watchTasks(lastEventId: string | null, signal: AbortSignal): Promise<Response> {
      return authFetch(`${apiUrl}/api/${encodeURIComponent(userId)}/tasks/events`, {
        headers: { Accept: "text/event-stream", ...(lastEventId && { "Last-Event-ID": lastEventId }) },
        cache: "no-store",
        signal,
      });
    },

    /** Tells the assistant something; without a conversation a new one is begun. */
    chat(message: string, conversationId: number | null): Promise<ChatAnswer> {
      const body = { message, conversation_id: conversationId };
      return dataOf(client.POST("/api/{user_id}/chat", { params: { path: own }, body }));
    },

    listConversations(signal: AbortSignal): Promise<ConversationList> {
      const params = { path: own, query: page(0) };
      return dataOf(client.GET("/api/{user_id}/conversations", { params, signal }));
    },

    getConversation(conversationId: number, signal: AbortSignal): Promise<ConversationDetail> {
      const params = { path: { ...own, conversation_id: conversationId } };
      return dataOf(client.GET("/api/{user_id}/conversations/{conversation_id}", { params, signal }));
    },

    async deleteConversation(conversationId: number): Promise<void> {
      const params = { path: { ...own, conversation_id: conversationId } };
      await client.DELETE("/api/{user_id}/conversations/{conversation_id}", { params });
    },

    getProfile(signal: AbortSignal): Promise<Profile> {
      return dataOf(client.GET("/api/v1/users/me", { signal }));
    },

    updateProfile(profile: ProfileUpdate): Promise<Profile> {
      return dataOf(client.PUT("/api/v1/users/me", { body: profile }));
    },

    /** For administrators; refused with 403 for anyone else. */
    listUsers(offset: number, signal: AbortSignal): Promise<UserList> {
      return dataOf(client.GET("/api/v1/admin/users", { params: { query: page(offset) }, signal }));
    },

    /** A token of one's own to look at, beside the one that the calls use; `null` when the session has ended. */
    newToken(): Promise<TokenGrant | null> {
      return getToken({});
    },

    /** A token of one's own with the shortest life; `null` when the session has ended. */
    shortToken(): Promise<TokenGrant | null> {
      return getShortToken({});
    },

    /** A token of one's own that was made for another API; `null` when the session has ended. */
    tokenForAnotherApi(): Promise<TokenGrant | null> {
      return getOtherToken({});
    },

    /** Sends one GET with exactly this `Authorization` header and shows the answer as it is, refusals included. */
    askAs(authorization: string | undefined, path: string): Promise<RawAnswer> {
      return ask(`${apiUrl}${path}`, authorization, asking);
    },

    /** Drops the token from memory. */
    forgetToken(): void {
      authFetch.clear();
    },
  };
}

/** The API for a visitor: no call carries a token. */
export function createVisitorApi(apiUrl: string) {
  return postCalls(createTodoClient({ baseUrl: apiUrl, fetch: visitorFetch(apiUrl) }));
}

function postCalls(client: TodoClient) {
  return {
    listPosts(offset: number, signal: AbortSignal): Promise<PostList> {
      return dataOf(client.GET("/api/v1/posts", { params: { query: page(offset) }, signal }));
    },

    createPost(post: PostCreate): Promise<Post> {
      return dataOf(client.POST("/api/v1/posts", { body: post }));
    },

    updatePost(postId: number, post: PostCreate): Promise<Post> {
      return dataOf(
        client.PATCH("/api/v1/posts/{post_id}", { params: { path: { post_id: postId } }, body: post }),
      );
    },

    async deletePost(postId: number): Promise<void> {
      await client.DELETE("/api/v1/posts/{post_id}", { params: { path: { post_id: postId } } });
    },
  };
}

/** No token of another user is ever sent under this user's addresses, whoever the browser's cookie names by now. */
function ofUser(userId: string, getToken: GetToken, onOtherUser: () => void): GetToken {
  return async (...call) => {
    const grant = await getToken(...call);
    if (!grant || decodeUnverified(grant.token).payload["sub"] === userId) return grant;
    onOtherUser();
    return null;
  };
}

const page = (offset: number) => ({ limit: pageSize, offset });

function conditions({ filter, search }: TaskQuery) {
  return {
    ...(filter !== "all" && { completed: filter === "done" }),
    ...(search && { q: search }),
  };
}
