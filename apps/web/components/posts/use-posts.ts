"use client";

import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Post, PostCreate, PostList } from "@watchword/todo-client";
import type { PostsApi } from "../../lib/api.ts";
import { useFailureToast } from "../session/use-failure-toast.ts";
import { useToast } from "../ui/toast.tsx";

type PostPages = InfiniteData<PostList, number>;

/**
 * The posts that the reader may see, newest first, and what changes them.
 * @param first what the list shows until it has been read here
 */
export function usePosts(api: PostsApi, userId: string | null, first: PostList | null) {
  const client = useQueryClient();
  const failed = useFailureToast();
  const toast = useToast();
  const queryKey = ["posts", userId] as const;

  const list = useInfiniteQuery<PostList, Error, PostPages, typeof queryKey, number>({
    queryKey,
    queryFn: ({ pageParam, signal }) => api.listPosts(pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((sum, page) => sum + page.items.length, 0);
      return last.items.length > 0 && loaded < last.total ? loaded : undefined;
    },
    ...(first !== null && {
      initialData: { pages: [first], pageParams: [0] },
      // Read again all the same: a page that comes back from the browser's memory is as old as it is.
      initialDataUpdatedAt: 0,
    }),
  });

  const readAgain = () => client.invalidateQueries({ queryKey });

  /** Shows the posts changed at once. @returns what takes it back */
  async function show(change: (items: Post[]) => Post[]): Promise<() => void> {
    await client.cancelQueries({ queryKey });
    const before = client.getQueryData<PostPages>(queryKey);
    if (before) {
      const pages = before.pages.map((page) => ({ ...page, items: change(page.items) }));
      client.setQueryData<PostPages>(queryKey, { ...before, pages });
    }
    return () => client.setQueryData(queryKey, before);
  }

  const create = useMutation({
    mutationFn: (post: PostCreate) => api.createPost(post),
    onError: (error, post) =>
      failed(error, "The post was not published", () => create.mutate(post), post.title),
    onSettled: readAgain,
  });

  const update = useMutation({
    mutationFn: ({ post, draft }: { post: Post; draft: PostCreate }) => api.updatePost(post.id, draft),
    onMutate: ({ post, draft }) =>
      show((items) => items.map((item) => (item.id === post.id ? { ...item, ...draft } : item))),
    onError: (error, change, takeBack) => {
      takeBack?.();
      failed(error, "The post was not changed", () => update.mutate(change), change.draft.title);
    },
    onSettled: readAgain,
  });

  const remove = useMutation({
    mutationFn: (post: Post) => api.deletePost(post.id),
    onMutate: (post) => show((items) => items.filter(({ id }) => id !== post.id)),
    onSuccess: (_nothing, { title, body, is_private }) =>
      toast({
        title: "Post deleted",
        row: title,
        action: { label: "Undo", onPress: () => create.mutate({ title, body, is_private }) },
      }),
    onError: (error, post, takeBack) => {
      takeBack?.();
      failed(error, "The post was not deleted", () => remove.mutate(post), post.title);
    },
    onSettled: readAgain,
  });

  return { list, create, update, remove };
}
