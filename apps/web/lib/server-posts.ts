import { dataOf, type PostList } from "@watchword/todo-client";
import { pageSize } from "./page-size.ts";
import { clientOf, visitorClient } from "./server-api.ts";

/**
 * The newest posts that a user may see, or a visitor where there is none; `null` when they cannot be had in time: the browser then
 * asks itself, and says what is wrong.
 */
export async function firstPosts(userId: string | null): Promise<PostList | null> {
  try {
    const client = await (userId === null ? visitorClient() : clientOf(userId));
    if (client === null) return null;
    return await dataOf(client.GET("/api/v1/posts", { params: { query: { limit: pageSize, offset: 0 } } }));
  } catch {
    return null;
  }
}
