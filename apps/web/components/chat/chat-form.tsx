"use client";

import { ArrowUp } from "lucide-react";
import { type FormEvent, type RefObject, useState } from "react";
import { Textarea } from "../ui/input.tsx";
import { useHydrated } from "../ui/use-hydrated.ts";

/** Bound in Unicode code points, as the API counts them. */
const messageLength = 2000;

interface ChatFormProps {
  inputRef: RefObject<HTMLTextAreaElement | null>;
  busy: boolean;
  onSay: (message: string) => void;
}

export function ChatForm({ inputRef, busy, onSay }: ChatFormProps) {
  const [text, setText] = useState("");
  const hydrated = useHydrated();
  const length = Array.from(text.trim()).length;
  const tooLong = length > messageLength;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (busy || length === 0 || tooLong) return;
    onSay(text.trim());
    setText("");
    inputRef.current?.focus();
  }

  return (
    <form method="post" onSubmit={submit} className="sticky bottom-0 bg-paper pt-2 pb-4">
      <div className="relative">
        <Textarea
          ref={inputRef}
          rows={1}
          value={text}
          disabled={!hydrated}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
          aria-label="Message"
          aria-invalid={tooLong ? true : undefined}
          aria-describedby={tooLong ? "chat-error" : undefined}
          placeholder="Write a message"
          enterKeyHint="send"
          className="block field-sizing-content max-h-48 min-h-12 resize-none py-2.5 pr-12 leading-7"
        />
        <button
          type="submit"
          aria-label="Send"
          disabled={!hydrated || busy || length === 0 || tooLong}
          className="absolute right-2 bottom-2 grid size-8 place-items-center rounded-control bg-accent text-on-accent transition-colors duration-150 hover:bg-accent-strong disabled:bg-line disabled:text-soft"
        >
          <ArrowUp aria-hidden className="size-4" />
        </button>
      </div>
      <p id="chat-error" aria-live="polite" className="text-sm text-danger not-empty:mt-2">
        {tooLong ? `Use at most ${messageLength} characters; these are ${length}.` : null}
      </p>
    </form>
  );
}
