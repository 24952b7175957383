import { tokens } from "@/lib/proxy-tokens";

/** In a server component or action: `listOwnTasks(await headers())`, wrapped in React's `cache` where several ask. */
export async function listOwnTasks(headers: Headers) {
  const caller = await tokens.current(headers);
  if (caller === null) return null;
  const response = await fetch(`http://localhost:8000/api/${encodeURIComponent(caller.userId)}/tasks`, {
    headers: { Authorization: `Bearer ${caller.token}` },
    cache: "no-store",
    redirect: "error",
  });
  return response.json();
}
