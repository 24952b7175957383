import { createAuthClient } from "better-auth/react";
import { countersignClient } from "countersign/better-auth/client";
import { createAuthFetch, tokenFromBetterAuth } from "countersign/client";

export const authClient = createAuthClient({ plugins: [countersignClient()] });
export const authFetch = createAuthFetch({
  getToken: tokenFromBetterAuth(authClient),
  apiOrigin: "http://localhost:8000",
});

export async function openTasks(userId: string) {
  const response = await authFetch(`http://localhost:8000/api/${encodeURIComponent(userId)}/tasks`);
  return response.json();
}
