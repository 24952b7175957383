import type { TaskQuery } from "../../lib/task.ts";
import { Button } from "../ui/button.tsx";

interface TaskListEmptyProps {
  query: TaskQuery;
  onClear: () => void;
  onWrite: () => void;
}

export function TaskListEmpty({ query, onClear, onWrite }: TaskListEmptyProps) {
  const { title, text } = words(query);
  const narrowed = query.search !== "" || query.filter !== "all";
  return (
    <div className="grid justify-items-center gap-1 px-4 py-16 text-center">
      <p className="font-medium">{title}</p>
      <p className="max-w-sm text-sm text-pretty text-soft wrap-anywhere">{text}</p>
      <Button variant="secondary" className="mt-4" onClick={narrowed ? onClear : onWrite}>
        {narrowed ? "Show all tasks" : "Write the first one"}
      </Button>
    </div>
  );
}

function words({ filter, search }: TaskQuery): { title: string; text: string } {
  if (search) return { title: "Nothing found", text: `No task here contains “${search}”.` };
  if (filter === "open") return { title: "Nothing left to do", text: "Every task is done." };
  if (filter === "done") return { title: "Nothing done yet", text: "Completed tasks are kept here." };
  return {
    title: "No tasks yet",
    text: "Only you will see what you write: the API keeps each user's tasks apart.",
  };
}
