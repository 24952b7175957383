"use client";

import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import type { TaskQuery } from "../../lib/task.ts";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { TaskListEmpty } from "./task-list-empty.tsx";
import { TaskListError } from "./task-list-error.tsx";
import { TaskListSkeleton } from "./task-list-skeleton.tsx";
import type { TaskPages } from "./task-lists.ts";
import { TaskRow } from "./task-row.tsx";

interface TaskListProps {
  list: UseInfiniteQueryResult<TaskPages>;
  query: TaskQuery;
  /** Takes filter and search away. */
  onClear: () => void;
  /** Goes to the field for a new task. */
  onWrite: () => void;
}

export function TaskList({ list, query, onClear, onWrite }: TaskListProps) {
  if (list.isPending) return <TaskListSkeleton />;
  if (!list.data) {
    return <TaskListError error={list.error} pending={list.isFetching} onRetry={() => list.refetch()} />;
  }
  const tasks = list.data.pages.flatMap((page) => page.items);
  return (
    <>
      {list.isError ? (
        <div className="mt-4">
          <TaskListError error={list.error} pending={list.isFetching} onRetry={() => list.refetch()} />
        </div>
      ) : null}
      {tasks.length === 0 ? (
        <TaskListEmpty query={query} onClear={onClear} onWrite={onWrite} />
      ) : (
        <ul
          aria-label="Tasks"
          className={classNames("divide-y divide-line", list.isPlaceholderData && "opacity-60")}
        >
          {tasks.map((task) => (
            <TaskRow key={task.id} task={task} />
          ))}
        </ul>
      )}
      {list.hasNextPage ? (
        <div className="mt-6 text-center">
          <Button variant="secondary" pending={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            Show more
          </Button>
        </div>
      ) : null}
    </>
  );
}
