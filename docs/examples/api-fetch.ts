import { createAuthFetch, fetchToken } from "watchword/client";

const apiUrl = "http://localhost:8000";
export const getJwtToken = fetchToken("/api/auth/token");
const authFetch = createAuthFetch({ getToken: getJwtToken, apiOrigin: apiUrl });

export async function apiFetch<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await authFetch(`${apiUrl}${path}`, init);
  return response.status === 204 ? (undefined as T) : await response.json();
}

const send =
  (method: string) =>
  <T>(path: string, body?: unknown): Promise<T> =>
    apiFetch<T>(path, {
      method,
      headers: { "Content-Type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

export const api = {
  get: <T>(path: string) => apiFetch<T>(path),
  post: send("POST"),
  put: send("PUT"),
  patch: send("PATCH"),
  delete: send("DELETE"),
};
