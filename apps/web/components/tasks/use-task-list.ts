"use client";

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import type { TaskList, TaskQuery } from "../../lib/task.ts";
import { useSession } from "../session/session-provider.tsx";
import { loadedCount, type TaskPages, taskListKey } from "./task-lists.ts";

/**
 * The user's tasks for a filter and a search text, newest first, page by page.
 * @param first what the list of all tasks shows until it has been read here
 */
export function useTaskList(query: TaskQuery, first: TaskList | null) {
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
    ...(first !== null &&
      query.filter === "all" &&
      query.search === "" && {
        initialData: { pages: [first], pageParams: [0] },
        // Read again all the same: a page that comes back from the browser's memory is as old as it is.
        initialDataUpdatedAt: 0,
      }),
  });
}
