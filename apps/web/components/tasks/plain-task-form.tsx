"use client";

import { useActionState } from "react";
import { addTask, type RefusedTask } from "../../app/(app)/tasks/actions.ts";
import { useSession } from "../session/session-provider.tsx";
import { Button } from "../ui/button.tsx";
import { Input } from "../ui/input.tsx";

/** Adds a task where no script runs: the server asks the API. */
export function PlainTaskForm() {
  const { user } = useSession();
  const [refused, action] = useActionState<RefusedTask | null, FormData>(addTask, null);
  return (
    <form action={action} className="mb-8">
      <input type="hidden" name="user_id" value={user.id} />
      <div className="flex gap-2">
        <Input
          name="title"
          defaultValue={refused?.title}
          aria-label="New task"
          aria-invalid={refused ? true : undefined}
          aria-describedby={refused ? "plain-task-error" : undefined}
          placeholder="What is to be done?"
          autoComplete="off"
          className="h-11"
        />
        <Button type="submit" className="min-h-11">
          Add task
        </Button>
      </div>
      {refused ? (
        <p id="plain-task-error" role="alert" className="mt-2 text-sm text-danger">
          {refused.fault}
        </p>
      ) : null}
    </form>
  );
}
