import { createProxyFetch } from "watchword/client";

export async function listTasks(userId: string) {
  const proxyFetch = createProxyFetch({ path: "/api/bff", userId });
  const response = await proxyFetch(`/api/bff/api/${encodeURIComponent(userId)}/tasks`);
  return response.json();
}
