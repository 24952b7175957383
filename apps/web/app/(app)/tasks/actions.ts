"use server";

import { redirect } from "next/navigation";
import { loginUrl } from "../../../lib/return-url.ts";
import { addTaskFor } from "../../../lib/server-tasks.ts";
import { checkDraft } from "../../../lib/task.ts";

/** A form that was not accepted, to be shown once more. */
export interface RefusedTask {
  readonly title: string;
  readonly fault: string;
}

/**
 * Adds a task through the API as whoever is signed in: the form of a page without script. Next.js lets only the application's own
 * pages call it; the form says for whom it was made.
 */
export async function addTask(_before: unknown, form: unknown): Promise<RefusedTask> {
  const draft = { title: field(form, "title").trim(), description: null };
  const fault = checkDraft(draft).title;
  if (fault) return { title: draft.title, fault };
  const outcome = await addTaskFor(field(form, "user_id"), draft);
  if (outcome === "failed") {
    return { title: draft.title, fault: "The API did not take it. Wait a moment and try again." };
  }
  // Who is signed in after all, as somebody else, is sent on from there to their own tasks.
  redirect(outcome === "added" ? "/tasks" : loginUrl("/tasks", "session_expired"));
}

/** Whatever is sent can be anything. */
function field(form: unknown, name: string): string {
  const value = form instanceof FormData ? form.get(name) : null;
  return typeof value === "string" ? value : "";
}
