import { createTodoClient, dataOf, type TaskList } from "@watchword/todo-client";
import { headers } from "next/headers";
import { cache } from "react";
import { loggedCall } from "./api-call-log.ts";
import { configuration } from "./configuration.ts";
import { pageSize } from "./page-size.ts";
import { requestIdOf } from "./request-id.ts";
import { sessionTokens } from "./session-tokens.ts";

/** How long a page waits for the API before it is shown without, in milliseconds. */
const patienceMs = 2_000;

/** One id for everything that a request asks for on its way. */
const ownRequestId = cache(async () => requestIdOf(await headers()));

/**
 * Whose token this request may use, asked for once per request; `null` for nobody. The token stays in this module: a value that a
 * component returns, or hands to one in the browser, is sent there.
 */
const caller = cache(async () => {
  const own = new Headers(await headers());
  own.set("X-Request-Id", await ownRequestId());
  return sessionTokens().current(own);
});

/** The API on behalf of a user, for server components and server actions. Calls reject as those of the browser's client do. */
export async function clientOf(userId: string) {
  const known = await caller();
  // Another tab may have signed in as somebody else since the page learned who is there.
  return known?.userId === userId ? client(known) : null;
}

/** The API for whoever passes by: no call carries a token. */
export const visitorClient = () => client(null);

async function client(known: { readonly userId: string; readonly token: string } | null) {
  const requestId = await ownRequestId();
  return createTodoClient({
    baseUrl: configuration().api.serverUrl,
    fetch: (request) => {
      if (known !== null) request.headers.set("authorization", `Bearer ${known.token}`);
      request.headers.set("x-request-id", requestId);
      return loggedCall({ userId: known?.userId, requestId, method: request.method }, () =>
        fetch(request, {
          cache: "no-store",
          redirect: "error",
          signal: AbortSignal.any([request.signal, AbortSignal.timeout(patienceMs)]),
        }),
      );
    },
  });
}

/**
 * The first page of a user's tasks, as a page that is being rendered shows them; `null` when they cannot be had in time: the browser
 * then asks itself, and says what is wrong.
 */
export async function firstTasks(userId: string): Promise<TaskList | null> {
  try {
    const client = await clientOf(userId);
    if (client === null) return null;
    const params = { path: { user_id: userId }, query: { limit: pageSize, offset: 0 } };
    return await dataOf(client.GET("/api/{user_id}/tasks", { params }));
  } catch {
    return null;
  }
}
