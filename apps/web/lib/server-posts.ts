import { createTodoClient, dataOf, type PostList } from "@countersign/todo-client";
import { configuration } from "./configuration.ts";
import { pageSize } from "./page-size.ts";
import { clientOf } from "./server-api.ts";

/** How long the page for visitors waits for the API before it is shown without, in milliseconds. */
const patienceMs = 2_000;

/** The API for whoever passes by: no call carries a token. */
const visitorClient = () =>
  createTodoClient({
    baseUrl: configuration().api.serverUrl,
    fetch: (request) =>
      fetch(request, {
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.any([request.signal, AbortSignal.timeout(patienceMs)]),
      }),
  });

/**
 * The newest posts that a user may see, or a visitor where there is none; `null` when they cannot be had in time: the browser then
 * asks itself, and says what is wrong.
 */
export async function firstPosts(userId: string | null): Promise<PostList | null> {
  try {
    const client = userId === null ? visitorClient() : await clientOf(userId);
    if (client === null) return null;
    return await dataOf(client.GET("/api/v1/posts", { params: { query: { limit: pageSize, offset: 0 } } }));
  } catch {
    return null;
  }
}
