"use client";

import type { Post } from "@watchword/todo-client";
import { Lock, Pencil, Trash2 } from "lucide-react";
import { focusNeighbour } from "../ui/focus-neighbour.ts";
import { IconButton } from "../ui/icon-button.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";

interface PostArticleProps {
  post: Post;
  /** Written by the reader, who may change it. */
  own: boolean;
  onEdit: () => void;
  onDelete: () => void;
}

export function PostArticle({ post, own, onEdit, onDelete }: PostArticleProps) {
  const titleId = `post-${post.id}`;
  return (
    <article aria-labelledby={titleId} className="group flex items-start gap-3 py-6">
      <div className="min-w-0 flex-1">
        <h2 id={titleId} dir="auto" className="text-lg font-semibold tracking-tight wrap-anywhere">
          {post.title}
        </h2>
        <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-soft">
          {own ? <span>You</span> : <Author userId={post.user_id} />}
          <TimeAgo iso={post.created_at} />
          {post.updated_at === post.created_at ? null : <span>edited</span>}
          {post.is_private ? (
            <span className="inline-flex items-center gap-1 rounded bg-sunken px-1.5 py-0.5 text-ink">
              <Lock aria-hidden className="size-3.5" />
              Private
            </span>
          ) : null}
        </p>
        <p dir="auto" className="mt-3 max-w-prose leading-7 whitespace-pre-line wrap-anywhere">
          {post.body}
        </p>
      </div>
      {own ? (
        <div
          data-once
          className="-mt-1 flex shrink-0 transition-opacity duration-150 group-focus-within:opacity-100 group-hover:opacity-100 max-sm:flex-col pointer-fine:opacity-0"
        >
          <IconButton label={`Edit "${post.title}"`} onClick={onEdit}>
            <Pencil aria-hidden className="size-4" />
          </IconButton>
          <IconButton
            label={`Delete "${post.title}"`}
            onClick={(event) => {
              focusNeighbour(event.currentTarget.closest("article"), "button");
              onDelete();
            }}
            className="hover:text-danger"
          >
            <Trash2 aria-hidden className="size-4" />
          </IconButton>
        </div>
      ) : null}
    </article>
  );
}

/** The API tells the id alone: who someone is is theirs to tell. */
function Author({ userId }: { userId: string }) {
  return (
    <span>
      User <span className="font-mono text-xs">{userId.slice(0, 8)}</span>
    </span>
  );
}
