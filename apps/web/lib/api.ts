import { createAuthFetch, fetchToken } from "countersign/client";
import { openWithToken, type RawAnswer } from "./raw-answer.ts";
import { isTask, isTaskList, type Task, type TaskDraft, type TaskList, type TaskQuery } from "./task.ts";

/** Tasks per request when a list is paged. */
export const pageSize = 50;

/** The API's answer does not have the documented form. */
export class UnexpectedAnswerError extends Error {
  override readonly name = "UnexpectedAnswerError";
}

export type Api = ReturnType<typeof createApi>;

interface ApiOptions {
  /** Public address of the API, without a slash at the end. */
  readonly apiUrl: string;
  /** The signed-in user: every path names it, and the API compares it with the token. */
  readonly userId: string;
}

/**
 * The Todo API on behalf of one user. Every call carries that user's token, fetched and renewed as needed.
 * Calls reject with the typed errors of `countersign/client`, or with {@link UnexpectedAnswerError}.
 */
export function createApi({ apiUrl, userId }: ApiOptions) {
  const authFetch = createAuthFetch({
    apiOrigin: new URL(apiUrl).origin,
    getToken: fetchToken("/api/auth/token"),
  });
  const tasksUrl = `${apiUrl}/api/${encodeURIComponent(userId)}/tasks`;

  async function call<Answer>(
    isAnswer: (value: unknown) => value is Answer,
    url: string,
    init?: RequestInit,
  ): Promise<Answer> {
    const response = await authFetch(url, init);
    const answer: unknown = await response.json().catch(() => undefined);
    if (isAnswer(answer)) return answer;
    throw new UnexpectedAnswerError(
      `The address ${apiUrl} does not answer like the Todo API. Check NEXT_PUBLIC_API_URL of the web application.`,
    );
  }

  return {
    listTasks(query: TaskQuery, offset: number, signal: AbortSignal): Promise<TaskList> {
      return call(isTaskList, `${tasksUrl}?${searchParams(query, offset)}`, { signal });
    },

    createTask(draft: TaskDraft): Promise<Task> {
      return call(isTask, tasksUrl, json("POST", draft));
    },

    /** Changes title and description; refused with 412 when the task is no longer at `version`. */
    updateTask(taskId: number, version: number, draft: TaskDraft): Promise<Task> {
      return call(isTask, `${tasksUrl}/${taskId}`, json("PATCH", draft, { "If-Match": `"${version}"` }));
    },

    setCompleted(taskId: number, completed: boolean): Promise<Task> {
      return call(isTask, `${tasksUrl}/${taskId}/complete`, json("PATCH", { completed }));
    },

    async deleteTask(taskId: number): Promise<void> {
      await authFetch(`${tasksUrl}/${taskId}`, { method: "DELETE" });
    },

    /** Opens the tasks of any user with a given token and shows the answer as it is, refusals included. */
    openTasksOf(otherUserId: string, token: string): Promise<RawAnswer> {
      return openWithToken(`${apiUrl}/api/${encodeURIComponent(otherUserId)}/tasks`, token);
    },

    /** Drops the token from memory. */
    forgetToken(): void {
      authFetch.clear();
    },
  };
}

function searchParams({ filter, search }: TaskQuery, offset: number): URLSearchParams {
  const params = new URLSearchParams({ limit: String(pageSize), offset: String(offset) });
  if (filter !== "all") params.set("completed", String(filter === "done"));
  if (search) params.set("q", search);
  return params;
}

function json(method: string, body: unknown, headers: Record<string, string> = {}): RequestInit {
  return { method, headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) };
}
