"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { TaskList, TaskQuery } from "../../lib/task.ts";
import { useSession } from "../session/session-provider.tsx";
import { loadedCount, type TaskPages, taskListKey } from "./task-lists.ts";

/** The user's tasks for a filter and a search text, newest first, page by page. */
export function useTaskList(query: TaskQuery) {
  const { api, user } = useSession();
  return useInfiniteQuery<TaskList, Error, TaskPages, ReturnType<typeof taskListKey>, number>({
    queryKey: taskListKey(user.id, query),
    queryFn: ({ pageParam, signal }) => api.listTasks(query, pageParam, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const loaded = loadedCount(pages);
      return last.items.length > 0 && loaded < last.total ? loaded : undefined;
    },
    placeholderData: keepPreviousData,
  });
}
