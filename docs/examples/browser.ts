import { createAuthFetch, fetchToken } from "watchword/client";

const api = "http://localhost:8000";
export const authFetch = createAuthFetch({ getToken: fetchToken("/api/auth/token"), apiOrigin: api });

export async function listTasks(userId: string) {
  const response = await authFetch(`${api}/api/${encodeURIComponent(userId)}/tasks`);
  return response.json();
}
