"use client";

import { type FormEvent, type RefObject, useState } from "react";
import { checkDraft, type TaskDraft } from "../../lib/task.ts";
import { Button } from "../ui/button.tsx";
import { Input } from "../ui/input.tsx";
import { useEcho } from "../ui/use-echo.ts";
import { useHydrated } from "../ui/use-hydrated.ts";

interface NewTaskFormProps {
  onAdd: (draft: TaskDraft) => void;
  inputRef: RefObject<HTMLInputElement | null>;
}

export function NewTaskForm({ onAdd, inputRef }: NewTaskFormProps) {
  const [title, setTitle] = useState("");
  const [error, setError] = useState<string>();
  const hydrated = useHydrated();
  const { noteSuccess, isEcho } = useEcho();

  function submit(event: FormEvent) {
    event.preventDefault();
    const draft = { title: title.trim(), description: null };
    inputRef.current?.focus();
    if (title === "" && isEcho()) return;
    const fault = checkDraft(draft).title;
    setError(fault);
    if (fault) return;
    noteSuccess();
    onAdd(draft);
    setTitle("");
  }

  return (
    <form method="post" onSubmit={submit} noValidate className="mb-8 noscript:hidden">
      <div className="flex gap-2">
        <Input
          ref={inputRef}
          value={title}
          disabled={!hydrated}
          onChange={(event) => {
            setTitle(event.target.value);
            setError(undefined);
          }}
          onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
          aria-label="New task"
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? "new-task-error" : undefined}
          placeholder="What is to be done?"
          autoComplete="off"
          enterKeyHint="done"
          className="h-11"
        />
        <Button type="submit" disabled={!hydrated} className="min-h-11">
          Add task
        </Button>
      </div>
      <p id="new-task-error" aria-live="polite" className="text-sm text-danger not-empty:mt-2">
        {error}
      </p>
    </form>
  );
}
