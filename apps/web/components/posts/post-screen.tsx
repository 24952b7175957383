"use client";

import type { Post, PostList } from "@watchword/todo-client";
import Link from "next/link";
import { lazy, Suspense, useState } from "react";
import type { PostsApi } from "../../lib/api.ts";
import { Button } from "../ui/button.tsx";
import { PageTitle } from "../ui/page-title.tsx";
import { RequestError } from "../ui/request-error.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useHydrated } from "../ui/use-hydrated.ts";
import { useInFlight } from "../ui/use-in-flight.ts";
import { PostArticle } from "./post-article.tsx";
import { usePosts } from "./use-posts.ts";

const PostDialog = lazy(() => import("./post-dialog.tsx"));

interface PostScreenProps {
  api: PostsApi;
  /** `null` for a visitor: they read and change nothing. */
  userId: string | null;
  /** The newest posts as the server has read them, `null` when it could not. */
  first: PostList | null;
}

export function PostScreen({ api, userId, first }: PostScreenProps) {
  const { list, create, update, remove } = usePosts(api, userId, first);
  /** The post in the dialog: a new one, one that is edited, or none; the dialog stays until it has faded. */
  const [draft, setDraft] = useState<{ post: Post | null; open: boolean }>();
  const hydrated = useHydrated();
  const once = useInFlight();
  const posts = list.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <>
      <PageTitle
        title="Posts"
        action={
          userId ? (
            <Button
              disabled={!hydrated}
              pending={create.isPending}
              onClick={() => setDraft({ post: null, open: true })}
            >
              Write a post
            </Button>
          ) : null
        }
      >
        {userId
          ? "Everyone sees public posts. Your private ones are here for you alone."
          : "These are public. Who signs in also sees their own private ones."}
      </PageTitle>
      {list.isPending ? (
        <div role="status" className="grid gap-8">
          <span className="sr-only">Loading the posts</span>
          <Skeleton className="h-24" />
          <Skeleton className="h-24" />
        </div>
      ) : null}
      {list.isError ? (
        <RequestError
          error={list.error}
          title="The posts could not be loaded"
          pending={list.isFetching}
          onRetry={() => list.refetch()}
        />
      ) : null}
      {list.data && posts.length === 0 ? (
        <div className="grid justify-items-center gap-1 px-4 py-16 text-center">
          <p className="font-medium">No posts yet</p>
          <p className="max-w-sm text-sm text-pretty text-soft">
            {userId ? (
              "The first one is yours to write."
            ) : (
              <>
                <Link href="/login?returnUrl=%2Fposts" className="prose-link">
                  Sign in
                </Link>{" "}
                to write the first one.
              </>
            )}
          </p>
        </div>
      ) : null}
      <div className="divide-y divide-line border-line not-empty:border-y">
        {posts.map((post) => (
          <PostArticle
            key={post.id}
            post={post}
            own={post.user_id === userId}
            onEdit={() => setDraft({ post, open: true })}
            onDelete={() => once(post.id, () => remove.mutateAsync(post))}
          />
        ))}
      </div>
      {list.hasNextPage ? (
        <div className="mt-6 text-center">
          <Button variant="secondary" pending={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
      {draft ? (
        <Suspense>
          <PostDialog
            key={draft.post?.id ?? "new"}
            post={draft.post}
            open={draft.open}
            onOpenChange={(open) => setDraft({ ...draft, open })}
            onSave={(saved) =>
              draft.post ? update.mutate({ post: draft.post, draft: saved }) : create.mutate(saved)
            }
          />
        </Suspense>
      ) : null}
    </>
  );
}
