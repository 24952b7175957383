"use client";

import { AuthenticationError, NotFoundError, ProblemError } from "countersign/client";
import { leaveIfSessionEnded } from "../session/session-end.ts";
import { useToast } from "../ui/toast.tsx";

/** Tells that a change was refused and taken back, and offers to repeat it where that can help. */
export function useFailureToast() {
  const toast = useToast();
  return async (error: Error, title: string, repeat: () => void) => {
    if (error instanceof AuthenticationError && (await leaveIfSessionEnded())) return;
    const final = error instanceof ProblemError && error.status < 500 && error.status !== 429;
    toast({
      title,
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

/** For a session that lives while the API refuses its token: the two sides do not agree. */
export function refusedToken(error: AuthenticationError): string {
  const code = error.problem.code ? ` (${error.problem.code})` : "";
  return `You are signed in, but the API refused your token${code}. Check that both share the same secret and addresses.`;
}
