import { clientOf } from "./server-api.ts";
import type { TaskDraft } from "./task.ts";

/** `not_signed_in`: nobody is, or somebody else than the page was made for. `failed`: the API is away, or refuses. */
export type AddOutcome = "added" | "not_signed_in" | "failed";

/** Adds a task on the server, on behalf of the user for whom the page was made. */
export async function addTaskFor(userId: string, draft: TaskDraft): Promise<AddOutcome> {
  try {
    const client = await clientOf(userId);
    if (client === null) return "not_signed_in";
    const params = { path: { user_id: userId } };
    const { response } = await client.POST("/api/{user_id}/tasks", { params, body: draft });
    if (response.status === 401) return "not_signed_in";
    return response.ok ? "added" : "failed";
  } catch {
    return "failed";
  }
}
