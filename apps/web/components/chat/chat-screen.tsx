"use client";

import { MessageSquarePlus } from "lucide-react";
import { useRef } from "react";
import { Button } from "../ui/button.tsx";
import { PageTitle } from "../ui/page-title.tsx";
import { ChatForm } from "./chat-form.tsx";
import { ChatThread } from "./chat-thread.tsx";
import { ConversationNav } from "./conversation-nav.tsx";
import { useChat } from "./use-chat.ts";

export function ChatScreen({ initial }: { initial: number | null }) {
  const chat = useChat(initial);
  const input = useRef<HTMLTextAreaElement>(null);

  function begin() {
    chat.turnTo(null);
    input.current?.focus();
  }

  return (
    <>
      <PageTitle
        title="Chat"
        action={
          <Button variant="secondary" onClick={begin} disabled={chat.conversationId === null && !chat.asked}>
            <MessageSquarePlus aria-hidden className="size-4" />
            New conversation
          </Button>
        }
      >
        Tell the assistant what to do with your tasks, in plain words. It reaches yours only.
      </PageTitle>
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_15rem]">
        <section aria-label="Conversation" className="flex min-h-[24rem] flex-col lg:min-h-[32rem]">
          <ChatThread chat={chat} onPick={chat.say} />
          <ChatForm inputRef={input} busy={chat.asked !== undefined} onSay={chat.say} />
        </section>
        <ConversationNav current={chat.conversationId} onTurn={chat.turnTo} />
      </div>
    </>
  );
}
