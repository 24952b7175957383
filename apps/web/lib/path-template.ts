/** What a number in an address stands for, by the segment before it. */
const rows: Readonly<Record<string, string>> = {
  tasks: "{task_id}",
  conversations: "{conversation_id}",
  posts: "{post_id}",
};

/** An address of the API as the contract writes it, such as `/api/{user_id}/tasks/{task_id}`. */
export function pathTemplate(pathname: string, userId: string): string {
  const segments = pathname.split("/");
  return segments.map((segment, index) => placeholder(segment, segments[index - 1], userId)).join("/");
}

function placeholder(segment: string, before: string | undefined, userId: string): string {
  if (segment === encodeURIComponent(userId)) return "{user_id}";
  if (before === "api" && segment !== "v1" && segment !== "auth") return "{another_user_id}";
  return (/^[0-9]+$/.test(segment) && before && rows[before]) || segment;
}
