import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query";
import type { Task, TaskList, TaskQuery } from "../../lib/task.ts";

/** The loaded pages of one list. */
export type TaskPages = InfiniteData<TaskList, number>;

export function taskListKey(userId: string, query: TaskQuery) {
  return ["tasks", userId, query] as const;
}

/** Whether a list for `query` shows the task, by the rules of the API (text: ASCII letters without case). */
export function matches(task: Task, { filter, search }: TaskQuery): boolean {
  if (filter !== "all" && task.completed !== (filter === "done")) return false;
  const part = lowerAscii(search);
  return lowerAscii(task.title).includes(part) || lowerAscii(task.description ?? "").includes(part);
}

/** The task in its new state: put in, replaced, or taken out, as `query` demands. */
export function placeTask(pages: TaskPages, query: TaskQuery, task: Task): TaskPages {
  const rest = removeTask(pages, task.id);
  if (!matches(task, query)) return rest;
  const index = rest.pages.findIndex((page) => page.items.some((item) => comesBefore(task, item)));
  const target = index === -1 ? rest.pages.length - 1 : index;
  // Sorted behind everything loaded while more is to come: it will arrive with its own page.
  if (index === -1 && hasMore(rest)) return withTotalChanged(rest, +1);
  return withTotalChanged(
    {
      ...rest,
      pages: rest.pages.map((page, position) =>
        position === target ? { ...page, items: insertSorted(page.items, task) } : page,
      ),
    },
    +1,
  );
}

export function removeTask(pages: TaskPages, taskId: number): TaskPages {
  if (!pages.pages.some((page) => page.items.some((item) => item.id === taskId))) return pages;
  return withTotalChanged(
    {
      ...pages,
      pages: pages.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== taskId) })),
    },
    -1,
  );
}

/** How many tasks are loaded: the offset of the next page. */
export function loadedCount(pages: readonly TaskList[]): number {
  return pages.reduce((sum, page) => sum + page.items.length, 0);
}

/** Applies a change to each cached list of the user. */
export function changeTaskLists(
  client: QueryClient,
  userId: string,
  change: (pages: TaskPages, query: TaskQuery) => TaskPages,
): void {
  for (const [key, pages] of client.getQueriesData<TaskPages>({ queryKey: ["tasks", userId] })) {
    if (pages) client.setQueryData(key, change(pages, queryOf(key)));
  }
}

/** The newest known state of a task, from whichever list holds it. */
export function findTask(client: QueryClient, userId: string, taskId: number): Task | undefined {
  return client
    .getQueriesData<TaskPages>({ queryKey: ["tasks", userId] })
    .flatMap(([, pages]) => pages?.pages.flatMap((page) => page.items) ?? [])
    .find((task) => task.id === taskId);
}

/**
 * Brings a change from elsewhere into the cached lists.
 * @returns false when it concerns a task that is not loaded, so that the lists have to be read again
 */
export function applyTaskChange(
  client: QueryClient,
  userId: string,
  { taskId, task }: { readonly taskId: number; readonly task: Task | null },
): boolean {
  const known = findTask(client, userId, taskId);
  if (!known) return task === null && !mayHoldUnloaded(client, userId);
  // What is shown is newer already.
  if (task && task.version < known.version) return true;
  changeTaskLists(client, userId, (pages, query) =>
    task ? placeTask(pages, query, task) : removeTask(pages, taskId),
  );
  return true;
}

function mayHoldUnloaded(client: QueryClient, userId: string): boolean {
  return client
    .getQueriesData<TaskPages>({ queryKey: ["tasks", userId] })
    .some(([, pages]) => pages !== undefined && hasMore(pages));
}

function queryOf(key: QueryKey): TaskQuery {
  return key[2] as TaskQuery;
}

function hasMore(pages: TaskPages): boolean {
  return loadedCount(pages.pages) < (pages.pages[0]?.total ?? 0);
}

function withTotalChanged(pages: TaskPages, by: number): TaskPages {
  return { ...pages, pages: pages.pages.map((page) => ({ ...page, total: Math.max(0, page.total + by) })) };
}

function insertSorted(items: readonly Task[], task: Task): Task[] {
  const index = items.findIndex((item) => comesBefore(task, item));
  return index === -1 ? [...items, task] : [...items.slice(0, index), task, ...items.slice(index)];
}

/** Newest first; what is not saved yet (negative id) before everything. */
function comesBefore(task: Task, other: Task): boolean {
  if (task.id < 0 !== other.id < 0) return task.id < 0;
  if (task.created_at !== other.created_at) return task.created_at > other.created_at;
  return task.id < 0 ? task.id < other.id : task.id > other.id;
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
