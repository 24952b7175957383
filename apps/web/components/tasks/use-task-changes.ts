"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Task, TaskDraft } from "../../lib/task.ts";
import { useSession } from "../session/session-provider.tsx";
import { useFailureToast } from "../session/use-failure-toast.ts";
import { changeTaskLists, findTask, placeTask, removeTask } from "./task-lists.ts";

const mutationKey = ["tasks"] as const;

let unsavedCount = 0;

/** Shared parts of every change: shown at once, taken back when refused, and the lists read again afterwards. */
function useOptimism() {
  const client = useQueryClient();
  const { user } = useSession();
  return {
    /** Reads that are under way would overwrite what is shown now. */
    hold: () => client.cancelQueries({ queryKey: ["tasks", user.id] }),
    show: (task: Task) => changeTaskLists(client, user.id, (pages, query) => placeTask(pages, query, task)),
    hide: (taskId: number) => changeTaskLists(client, user.id, (pages) => removeTask(pages, taskId)),
    find: (taskId: number) => findTask(client, user.id, taskId),
    settle: () => {
      if (client.isMutating({ mutationKey }) > 1) return;
      return client.invalidateQueries({ queryKey: ["tasks", user.id] });
    },
  };
}

export function useCreateTask() {
  const { api, user } = useSession();
  const { hold, show, hide, settle } = useOptimism();
  const failed = useFailureToast();
  const mutation = useMutation({
    mutationKey,
    scope: { id: "create-task" },
    mutationFn: (draft: TaskDraft) => api.createTask(draft),
    onMutate: async (draft) => {
      await hold();
      unsavedCount += 1;
      const now = new Date().toISOString();
      const task: Task = {
        id: -unsavedCount,
        user_id: user.id,
        title: draft.title,
        description: draft.description,
        completed: draft.completed ?? false,
        version: 0,
        created_at: now,
        updated_at: now,
      };
      show(task);
      return task;
    },
    onSuccess: (saved, _draft, unsaved) => {
      hide(unsaved.id);
      show(saved);
    },
    onError: (error, draft, unsaved) => {
      if (unsaved) hide(unsaved.id);
      failed(error, "The task was not added", () => mutation.mutate(draft), draft.title);
    },
    onSettled: settle,
  });
  return mutation.mutate;
}

export function useCompleteTask(task: Task) {
  const { api } = useSession();
  const { hold, show, find, settle } = useOptimism();
  const failed = useFailureToast();
  const mutation = useMutation({
    mutationKey,
    scope: { id: `task-${task.id}` },
    mutationFn: (completed: boolean) => api.setCompleted(task.id, completed),
    onMutate: async (completed) => {
      await hold();
      show({ ...(find(task.id) ?? task), completed });
    },
    onSuccess: (saved) => show(saved),
    onError: (error, completed) => {
      show({ ...(find(task.id) ?? task), completed: !completed });
      failed(
        error,
        completed ? "The task is still open" : "The task is still done",
        () => mutation.mutate(completed),
        task.title,
      );
    },
    onSettled: settle,
  });
  return mutation.mutate;
}

interface Edit {
  /** The task that the user saw when they wrote the draft; the API refuses the change when it has a newer one. */
  readonly base: Task;
  readonly draft: TaskDraft;
}

export function useEditTask(task: Task) {
  const { api } = useSession();
  const { hold, show, find, settle } = useOptimism();
  const failed = useFailureToast();
  const mutation = useMutation({
    mutationKey,
    scope: { id: `task-${task.id}` },
    mutationFn: ({ base, draft }: Edit) => api.updateTask(base.id, base.version, draft),
    onMutate: async ({ base, draft }) => {
      await hold();
      show({ ...(find(base.id) ?? base), ...draft });
    },
    onSuccess: (saved) => show(saved),
    onError: (error, edit) => {
      const { id, title, description } = edit.base;
      show({ ...(find(id) ?? edit.base), title, description });
      failed(error, "The task was not changed", () => mutation.mutate(edit), edit.draft.title);
    },
    onSettled: settle,
  });
  return mutation.mutate;
}

export function useDeleteTask(task: Task) {
  const { api } = useSession();
  const { hold, show, hide, settle } = useOptimism();
  const failed = useFailureToast();
  const mutation = useMutation({
    mutationKey,
    scope: { id: `task-${task.id}` },
    mutationFn: () => api.deleteTask(task.id),
    onMutate: async () => {
      await hold();
      hide(task.id);
    },
    onError: (error) => {
      show(task);
      failed(error, "The task was not deleted", () => mutation.mutate(), task.title);
    },
    onSettled: settle,
  });
  return mutation.mutateAsync;
}
