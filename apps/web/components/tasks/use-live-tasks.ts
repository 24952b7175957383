"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { type TaskChange, TaskWatch } from "../../lib/task-watch.ts";
import { leaveIfSessionEnded } from "../session/session-end.ts";
import { useSession } from "../session/session-provider.tsx";
import { applyTaskChange } from "./task-lists.ts";

/**
 * Shows what other tabs and devices do, as it happens. Only while the page can be seen: a browser keeps few connections to
 * one server, and tabs in the background would use them up. Coming back, it goes on where it stopped.
 */
export function useLiveTasks(): void {
  const client = useQueryClient();
  const { api, user } = useSession();
  useEffect(() => {
    const readAgain = () => void client.invalidateQueries({ queryKey: ["tasks", user.id] });
    const watch = new TaskWatch({
      open: api.watchTasks,
      onChange: (change: TaskChange) => {
        // A change of one's own that is under way reads the lists again when it is through.
        if (client.isMutating({ mutationKey: ["tasks"] }) > 0) return;
        if (!applyTaskChange(client, user.id, change)) readAgain();
      },
      onReset: readAgain,
      onRefused: () => void leaveIfSessionEnded(),
    });
    let stop = new AbortController();
    const follow = () => {
      stop.abort();
      stop = new AbortController();
      if (document.visibilityState === "visible") void watch.run(stop.signal);
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      stop.abort();
    };
  }, [api, client, user.id]);
}
