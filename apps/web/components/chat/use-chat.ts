"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Task } from "@watchword/todo-client";
import { useState } from "react";
import { NotFoundError } from "watchword/client";
import { useSession } from "../session/session-provider.tsx";
import { useFailureToast } from "../session/use-failure-toast.ts";

/** A message as it is shown; the id tells the API's from those that are on their way. */
export interface ShownMessage {
  readonly key: string;
  readonly speaker: "user" | "assistant";
  readonly content: string;
  /** The tasks that an answer is about; an older conversation no longer knows them. */
  readonly tasks: readonly Task[];
}

const mutationKey = ["chat"] as const;

/** One conversation with the assistant: its messages, and what sends the next one. */
export function useChat(initial: number | null) {
  const { api, user } = useSession();
  const client = useQueryClient();
  const failed = useFailureToast();
  const [conversationId, setConversationId] = useState(initial);
  /** What was said since the conversation was opened. */
  const [fresh, setFresh] = useState<readonly ShownMessage[]>([]);

  const earlier = useQuery({
    queryKey: ["conversation", user.id, conversationId],
    queryFn: ({ signal }) => api.getConversation(conversationId ?? 0, signal),
    // A conversation that has only just begun is here already.
    enabled: conversationId !== null && fresh.length === 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: (failures, error) => failures < 2 && !(error instanceof NotFoundError),
  });

  const answer = useMutation({
    mutationKey,
    scope: { id: "chat" },
    mutationFn: (message: string) => api.chat(message, conversationId),
    onSuccess: (said, message) => {
      setFresh((before) => [
        ...before,
        shown(`user-${before.length}`, "user", message),
        shown(`assistant-${before.length}`, "assistant", said.message, said.tasks),
      ]);
      open(said.conversation_id);
      void client.invalidateQueries({ queryKey: ["conversations", user.id] });
      // It may have changed any of them.
      void client.invalidateQueries({ queryKey: ["tasks", user.id] });
    },
    onError: (error, message) => failed(error, "There is no answer", () => answer.mutate(message)),
  });

  /** Remembers the conversation in the address, so that a reload and a bookmark lead back to it. */
  function open(id: number | null) {
    setConversationId(id);
    window.history.replaceState(null, "", id === null ? "/chat" : `/chat?conversation=${id}`);
  }

  return {
    conversationId,
    messages: [
      ...(earlier.data?.messages.map(({ id, role, content }) => shown(String(id), role, content)) ?? []),
      ...fresh,
    ],
    earlier,
    /** The message that is being answered. */
    asked: answer.isPending ? answer.variables : undefined,
    /** Says one thing at a time: two presses before the screen has changed are one message. */
    say(message: string) {
      if (client.isMutating({ mutationKey }) === 0) answer.mutate(message);
    },
    turnTo(id: number | null) {
      setFresh([]);
      open(id);
    },
  };
}

const shown = (
  key: string,
  speaker: ShownMessage["speaker"],
  content: string,
  tasks: readonly Task[] = [],
): ShownMessage => ({ key, speaker, content, tasks });
