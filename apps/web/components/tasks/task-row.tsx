"use client";

import { Pencil, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Task } from "../../lib/task.ts";
import { Checkbox } from "../ui/checkbox.tsx";
import { classNames } from "../ui/class-names.ts";
import { focusNeighbour } from "../ui/focus-neighbour.ts";
import { IconButton } from "../ui/icon-button.tsx";
import { useToast } from "../ui/toast.tsx";
import { useInFlight } from "../ui/use-in-flight.ts";
import { useCompleteTask, useCreateTask, useDeleteTask } from "./use-task-changes.ts";

const loadDialog = () => import("./edit-task-dialog.tsx");
const EditTaskDialog = lazy(loadDialog);

export function TaskRow({ task }: { task: Task }) {
  const [editing, setEditing] = useState<"never" | "open" | "closed">("never");
  const complete = useCompleteTask(task);
  const remove = useDeleteTask(task);
  const create = useCreateTask();
  const toast = useToast();
  const once = useInFlight();
  const unsaved = task.id < 0;

  async function removeWithUndo(row: Element | null) {
    focusNeighbour(row, "input");
    try {
      await remove();
    } catch {
      return; // Told by the change itself.
    }
    const { title, description, completed } = task;
    toast({
      title: "Task deleted",
      row: title,
      action: { label: "Undo", onPress: () => create({ title, description, completed }) },
    });
  }

  return (
    <li data-once className="group flex items-start gap-2 py-2">
      <Checkbox
        label={`${task.completed ? "Reopen" : "Complete"} "${task.title}"`}
        checked={task.completed}
        disabled={unsaved}
        onChange={complete}
      />
      <div className="min-w-0 flex-1 py-2">
        <p
          dir="auto"
          className={classNames(
            "leading-6 wrap-anywhere",
            task.completed && "text-soft line-through decoration-line-strong",
            unsaved && "text-soft",
          )}
        >
          {task.title}
        </p>
        {task.description ? (
          <p
            dir="auto"
            className="mt-0.5 line-clamp-3 text-sm leading-6 whitespace-pre-line text-soft wrap-anywhere"
          >
            {task.description}
          </p>
        ) : null}
      </div>
      <div className="flex shrink-0 py-0.5 transition-opacity duration-150 group-focus-within:opacity-100 group-hover:opacity-100 pointer-fine:opacity-0">
        <IconButton
          label={`Edit "${task.title}"`}
          disabled={unsaved}
          onPointerEnter={loadDialog}
          onFocus={loadDialog}
          onClick={() => setEditing("open")}
        >
          <Pencil aria-hidden className="size-4" />
        </IconButton>
        <IconButton
          label={`Delete "${task.title}"`}
          disabled={unsaved}
          onClick={({ currentTarget }) => once("delete", () => removeWithUndo(currentTarget.closest("li")))}
          className="hover:text-danger"
        >
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      </div>
      {editing === "never" ? null : (
        <Suspense>
          <EditTaskDialog
            task={task}
            open={editing === "open"}
            onOpenChange={(open) => setEditing(open ? "open" : "closed")}
          />
        </Suspense>
      )}
    </li>
  );
}
