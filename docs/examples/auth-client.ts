import { createAuthClient } from "better-auth/client";
import { watchwordClient } from "watchword/better-auth/client";
import { createAuthFetch, fetchToken } from "watchword/client";

export const authClient = createAuthClient({ plugins: [watchwordClient()] });
const getToken = fetchToken("/api/auth/token");
const api = "http://localhost:8000";
export const authFetch = createAuthFetch({ authClient, getToken, apiOrigin: api });

export async function listTasks(userId: string) {
  const response = await authFetch(`${api}/api/${encodeURIComponent(userId)}/tasks`);
  return response.json();
}
