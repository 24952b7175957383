"use client";

import type { Post, PostCreate } from "@watchword/todo-client";
import { type FormEvent, type RefObject, useRef, useState } from "react";
import { checkPost } from "../../lib/post.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/field.tsx";
import { focusFault } from "../ui/focus-fault.ts";
import { Input, Textarea } from "../ui/input.tsx";
import { Segmented } from "../ui/segmented.tsx";

interface PostDialogProps {
  /** The one to edit; `null` for a new one. */
  post: Post | null;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSave: (draft: PostCreate) => void;
}

const audiences = [
  { value: "public", label: "Public" },
  { value: "private", label: "Private" },
] as const;

export default function PostDialog({ post, open, onOpenChange, onSave }: PostDialogProps) {
  const titleInput = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={post ? "Edit post" : "Write a post"}
      initialFocus={titleInput}
    >
      <PostForm
        post={post}
        titleInput={titleInput}
        onCancel={() => onOpenChange(false)}
        onSave={(draft) => {
          onOpenChange(false);
          onSave(draft);
        }}
      />
    </Dialog>
  );
}

interface PostFormProps {
  post: Post | null;
  titleInput: RefObject<HTMLInputElement | null>;
  onCancel: () => void;
  onSave: (draft: PostCreate) => void;
}

function PostForm({ post, titleInput, onCancel, onSave }: PostFormProps) {
  const [title, setTitle] = useState(post?.title ?? "");
  const [body, setBody] = useState(post?.body ?? "");
  const [audience, setAudience] = useState<"public" | "private">(post?.is_private ? "private" : "public");
  const [errors, setErrors] = useState<{ title?: string; body?: string }>({});
  /** The form can still be pressed while its dialog fades. */
  const saved = useRef(false);

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (saved.current) return;
    const draft = { title: title.trim(), body: body.trim(), is_private: audience === "private" };
    const faults = checkPost(draft);
    setErrors(faults);
    if (faults.title || faults.body) return focusFault(event.currentTarget, faults);
    saved.current = true;
    onSave(draft);
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
      <Field name="body" label="Text" error={errors.body}>
        {(control) => (
          <Textarea
            {...control}
            value={body}
            onChange={(event) => setBody(event.target.value)}
            className="max-h-[50dvh] min-h-40 resize-y leading-6"
          />
        )}
      </Field>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segmented
          label="Who sees it"
          name="audience"
          value={audience}
          options={audiences}
          onChange={setAudience}
        />
        <p className="text-sm text-soft">
          {audience === "public" ? "Everyone sees it, signed in or not." : "Only you see it."}
        </p>
      </div>
      <div className="mt-2 flex justify-end gap-2">
        <Button variant="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit">{post ? "Save" : "Publish"}</Button>
      </div>
    </form>
  );
}
