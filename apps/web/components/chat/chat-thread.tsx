"use client";

import { useEffect, useRef } from "react";
import { Button } from "../ui/button.tsx";
import { RequestError } from "../ui/request-error.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { useHydrated } from "../ui/use-hydrated.ts";
import { ChatMessage } from "./chat-message.tsx";
import type { useChat } from "./use-chat.ts";

const openings = ["Add buy milk", "What is open?", "Summary", "Help"];

interface ChatThreadProps {
  chat: ReturnType<typeof useChat>;
  /** Says one of the suggestions. */
  onPick: (message: string) => void;
}

/** The messages of a conversation, the newest in sight; suggestions while there is none. */
export function ChatThread({ chat, onPick }: ChatThreadProps) {
  const { messages, asked, earlier } = chat;
  const hydrated = useHydrated();
  const end = useRef<HTMLDivElement>(null);
  const count = messages.length + (asked === undefined ? 0 : 1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a further message is the reason to scroll.
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [count]);

  if (earlier.isError && count === 0) {
    return (
      <div className="flex-1">
        <RequestError
          error={earlier.error}
          title="This conversation could not be loaded"
          pending={earlier.isFetching}
          onRetry={() => earlier.refetch()}
        />
      </div>
    );
  }
  if (earlier.isLoading && count === 0) {
    return (
      <div role="status" className="grid flex-1 content-start gap-4">
        <span className="sr-only">Loading the conversation</span>
        <Skeleton className="ml-auto h-10 w-1/3" />
        <Skeleton className="h-10 w-2/3" />
      </div>
    );
  }
  if (count === 0) {
    return (
      <div className="grid flex-1 content-center justify-items-start gap-4 pb-8">
        <p className="text-soft">Try one of these, or write your own.</p>
        <div className="flex flex-wrap gap-2">
          {openings.map((text) => (
            <Button key={text} variant="secondary" disabled={!hydrated} onClick={() => onPick(text)}>
              {text}
            </Button>
          ))}
        </div>
      </div>
    );
  }
  return (
    <div role="log" aria-label="Messages" className="grid flex-1 content-start gap-5 pb-6">
      {messages.map(({ key, ...message }) => (
        <ChatMessage key={key} {...message} />
      ))}
      {asked === undefined ? null : (
        <>
          <ChatMessage speaker="user" content={asked} tasks={[]} />
          <p className="flex items-center gap-1.5 text-soft" role="status">
            <span className="sr-only">The assistant is answering</span>
            {[0, 1, 2].map((dot) => (
              <span
                key={dot}
                aria-hidden
                className="size-1.5 animate-pulse rounded-full bg-soft"
                style={{ animationDelay: `${dot * 160}ms` }}
              />
            ))}
          </p>
        </>
      )}
      <div ref={end} className="scroll-mb-6" />
    </div>
  );
}
