"use client";

import { AuthenticationError, NotFoundError, ProblemError } from "watchword/client";
import { useToast } from "../ui/toast.tsx";
import { refusedToken } from "./refused-token.ts";
import { leaveIfSessionEnded } from "./session-end.ts";

/** Tells that a change was refused and taken back, of which row, and offers to repeat it where that can help. */
export function useFailureToast() {
  const toast = useToast();
  return async (error: Error, title: string, repeat: () => void, row?: string) => {
    if (error instanceof AuthenticationError && (await leaveIfSessionEnded())) return;
    const final = error instanceof ProblemError && error.status < 500 && error.status !== 429;
    toast({
      title,
      ...(row !== undefined && { row }),
      description: explain(error),
      tone: "danger",
      ...(!final && { action: { label: "Try again", onPress: repeat } }),
    });
  };
}

function explain(error: Error): string {
  if (error instanceof NotFoundError) return "It is no longer there. It was deleted somewhere else.";
  if (error instanceof AuthenticationError) return refusedToken(error);
  if (error instanceof ProblemError && error.problem.code === "precondition_failed") {
    return "It was changed somewhere else in the meantime. The list now shows the newest state.";
  }
  return error.message;
}
