"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useSession } from "../session/session-provider.tsx";
import { useFailureToast } from "../session/use-failure-toast.ts";
import { classNames } from "../ui/class-names.ts";
import { focusNeighbour } from "../ui/focus-neighbour.ts";
import { IconButton } from "../ui/icon-button.tsx";
import { RequestError } from "../ui/request-error.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { TimeAgo } from "../ui/time-ago.tsx";
import { useInFlight } from "../ui/use-in-flight.ts";

interface ConversationNavProps {
  current: number | null;
  onTurn: (conversationId: number | null) => void;
}

/** The user's conversations, the newest first. */
export function ConversationNav({ current, onTurn }: ConversationNavProps) {
  const { api, user } = useSession();
  const client = useQueryClient();
  const failed = useFailureToast();
  const list = useQuery({
    queryKey: ["conversations", user.id],
    queryFn: ({ signal }) => api.listConversations(signal),
  });
  const once = useInFlight();
  const remove = useMutation({
    mutationFn: ({ id }: { id: number; title: string }) => api.deleteConversation(id),
    onSuccess: (_nothing, { id }) => {
      if (id === current) onTurn(null);
      return client.invalidateQueries({ queryKey: ["conversations", user.id] });
    },
    onError: (error, conversation) =>
      failed(
        error,
        "The conversation was not deleted",
        () => remove.mutate(conversation),
        conversation.title,
      ),
  });

  return (
    <nav aria-labelledby="conversations-title" className="min-w-0">
      <h2 id="conversations-title" className="mb-2 text-sm font-medium">
        Conversations
      </h2>
      {list.isPending ? (
        <Skeleton className="h-10" />
      ) : list.isError ? (
        <RequestError
          error={list.error}
          title="Your conversations could not be loaded"
          pending={list.isFetching}
          onRetry={() => list.refetch()}
        />
      ) : list.data.items.length === 0 ? (
        <p className="text-sm text-soft">What you talk about is kept here.</p>
      ) : (
        <ul className="-mx-2.5">
          {list.data.items.map(({ id, title, updated_at }) => (
            <li
              key={id}
              data-once
              className={classNames(
                "group flex items-center gap-1 rounded-control",
                id === current ? "bg-sunken" : "hover:bg-sunken",
              )}
            >
              <button
                type="button"
                aria-current={id === current ? "true" : undefined}
                onClick={() => onTurn(id)}
                className="min-w-0 flex-1 rounded-control px-2.5 py-2 text-left"
              >
                <span dir="auto" className="block truncate text-sm">
                  {title}
                </span>
                <TimeAgo iso={updated_at} className="text-xs text-soft" />
              </button>
              <IconButton
                label={`Delete the conversation "${title}"`}
                onClick={(event) => {
                  focusNeighbour(event.currentTarget.closest("li"), "button");
                  once(id, () => remove.mutateAsync({ id, title }));
                }}
                className="group-focus-within:opacity-100 group-hover:opacity-100 hover:text-danger pointer-fine:opacity-0"
              >
                <Trash2 aria-hidden className="size-4" />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </nav>
  );
}
