import { createAuthClient } from "better-auth/client";
import { watchwordClient } from "watchword/better-auth/client";
import { createApiClient, fetchToken } from "watchword/client";

export const authClient = createAuthClient({ plugins: [watchwordClient()] });
export const getJwtToken = fetchToken("/api/auth/token");
const baseUrl = "http://localhost:8000";
export const api = createApiClient({ baseUrl, authClient, getToken: getJwtToken });

export async function apiFetch<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await api.request(`${baseUrl}${path}`, init);
  return response.status === 204 ? (undefined as T) : await response.json();
}
