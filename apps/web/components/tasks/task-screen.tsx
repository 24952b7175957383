"use client";

import { useRef, useState } from "react";
import type { TaskDraft, TaskFilter, TaskList as TaskPage } from "../../lib/task.ts";
import { useShortcuts } from "../shell/use-shortcuts.ts";
import { useDebounced } from "../ui/use-debounced.ts";
import { NewTaskForm } from "./new-task-form.tsx";
import { PlainTaskForm } from "./plain-task-form.tsx";
import { TaskList } from "./task-list.tsx";
import { TaskToolbar } from "./task-toolbar.tsx";
import { useLiveTasks } from "./use-live-tasks.ts";
import { useCreateTask } from "./use-task-changes.ts";
import { useTaskList } from "./use-task-list.ts";

/** @param first the newest tasks as the server has read them, `null` when it could not */
export function TaskScreen({ first }: { first: TaskPage | null }) {
  const [filter, setFilter] = useState<TaskFilter>("all");
  const [search, setSearch] = useState("");
  const query = { filter, search: useDebounced(search.trim(), 200) };
  const list = useTaskList(query, first);
  useLiveTasks();
  const createTask = useCreateTask();
  const newTaskInput = useRef<HTMLInputElement>(null);
  const searchInput = useRef<HTMLInputElement>(null);
  useShortcuts({
    n: () => newTaskInput.current?.focus(),
    "/": () => searchInput.current?.focus(),
  });

  function add(draft: TaskDraft) {
    // Whatever hides the new task is taken away.
    if (filter === "done") setFilter("all");
    setSearch("");
    createTask(draft);
  }

  return (
    <>
      <div className="mb-6 flex items-baseline justify-between gap-4">
        <h1 className="text-2xl font-semibold tracking-tight">Tasks</h1>
        <p className="eyebrow hidden sm:block">Press ? for shortcuts</p>
      </div>
      <NewTaskForm onAdd={add} inputRef={newTaskInput} />
      <noscript>
        <PlainTaskForm />
      </noscript>
      <TaskToolbar
        filter={filter}
        onFilter={setFilter}
        search={search}
        onSearch={setSearch}
        searchRef={searchInput}
        total={list.isSuccess && !list.isPlaceholderData ? list.data.pages[0]?.total : undefined}
      />
      <TaskList
        list={list}
        query={query}
        onClear={() => {
          setFilter("all");
          setSearch("");
        }}
        onWrite={() => newTaskInput.current?.focus()}
      />
    </>
  );
}
