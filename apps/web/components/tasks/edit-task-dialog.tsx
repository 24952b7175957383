"use client";

import { type FormEvent, useRef, useState } from "react";
import { checkDraft, type Task } from "../../lib/task.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { focusFault } from "../ui/focus-fault.ts";
import { Input, Textarea } from "../ui/input.tsx";
import { useEditTask } from "./use-task-changes.ts";

interface EditTaskDialogProps {
  task: Task;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export default function EditTaskDialog({ task, open, onOpenChange }: EditTaskDialogProps) {
  const titleInput = useRef<HTMLInputElement>(null);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Edit task" initialFocus={titleInput}>
      <EditTaskForm task={task} titleInput={titleInput} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

interface EditTaskFormProps {
  task: Task;
  titleInput: React.RefObject<HTMLInputElement | null>;
  onClose: () => void;
}

function EditTaskForm({ task, titleInput, onClose }: EditTaskFormProps) {
  const [opened] = useState(task);
  const [title, setTitle] = useState(task.title);
  const [description, setDescription] = useState(task.description ?? "");
  const [errors, setErrors] = useState<{ title?: string; description?: string }>({});
  const edit = useEditTask(task);
  /** The form can still be pressed while its dialog fades. */
  const saved = useRef(false);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (saved.current) return;
    const draft = { title: title.trim(), description: description.trim() || null };
    const faults = checkDraft(draft);
    setErrors(faults);
    if (faults.title || faults.description) return focusFault(event.currentTarget, faults);
    saved.current = true;
    onClose();
    if (draft.title === opened.title && draft.description === opened.description) return;
    // A newer version with the same words (completed meanwhile) is no conflict.
    const sameWords = task.title === opened.title && task.description === opened.description;
    edit({ base: sameWords ? task : opened, draft });
  }

  return (
    <form
      method="post"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
      noValidate
      className="grid gap-4"
    >
      <Field name="title" label="Title" error={errors.title}>
        {(control) => (
          <Input
            {...control}
            ref={titleInput}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
            autoComplete="off"
          />
        )}
      </Field>
      <Field name="description" label="Description" error={errors.description}>
        {(control) => (
          <Textarea
            {...control}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        )}
      </Field>
      <div className="mt-2 flex justify-end gap-2">
        <Button variant="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit">Save</Button>
      </div>
    </form>
  );
}
