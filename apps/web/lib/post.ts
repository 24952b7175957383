import type { PostCreate } from "@watchword/todo-client";

/** Bounds in Unicode code points, as the API counts them. */
export const postLength = { title: 200, body: 10_000 } as const;

/** @returns what is wrong with each field; empty when nothing is. */
export function checkPost(draft: PostCreate): { title?: string; body?: string } {
  const errors: { title?: string; body?: string } = {};
  if (!draft.title.trim()) errors.title = "Give it a title.";
  if (!draft.body.trim()) errors.body = "Write something.";
  for (const field of ["title", "body"] as const) {
    const length = Array.from(draft[field]).length;
    const most = postLength[field];
    if (length > most) errors[field] = `Use at most ${most} characters; these are ${length}.`;
  }
  return errors;
}
