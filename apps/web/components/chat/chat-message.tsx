import type { Task } from "@watchword/todo-client";
import { Circle, CircleCheck } from "lucide-react";
import { classNames } from "../ui/class-names.ts";

interface ChatMessageProps {
  speaker: "user" | "assistant";
  content: string;
  tasks: readonly Task[];
}

/** What the user said stands in a bubble at the right; what the assistant said is plain text, with its tasks. */
export function ChatMessage({ speaker, content, tasks }: ChatMessageProps) {
  const own = speaker === "user";
  // An answer that names its tasks needs no list of them.
  const unnamed = tasks.filter(({ title }) => !content.includes(title));
  return (
    <div className={classNames("max-w-[36rem]", own && "ml-auto")}>
      <span className="sr-only">{own ? "You:" : "Assistant:"}</span>
      <p
        dir="auto"
        className={classNames(
          "leading-7 whitespace-pre-line wrap-anywhere",
          own && "rounded-panel bg-accent-wash px-4 py-2",
        )}
      >
        {content}
      </p>
      {unnamed.length > 0 ? (
        <ul className="mt-2 divide-y divide-line rounded-panel border border-line bg-surface text-sm">
          {unnamed.map(({ id, title, completed }) => (
            <li key={id} className="flex items-start gap-3 px-4 py-2 leading-6">
              {completed ? (
                <CircleCheck aria-hidden className="mt-1 size-4 shrink-0 text-accent" />
              ) : (
                <Circle aria-hidden className="mt-1 size-4 shrink-0 text-line-strong" />
              )}
              <span
                className={classNames("min-w-0 flex-1 wrap-anywhere", completed && "text-soft line-through")}
              >
                <bdi>{title}</bdi>
                <span className="sr-only">{completed ? " (done)" : " (open)"}</span>
              </span>
              <span className="font-mono text-xs leading-6 text-soft">{id}</span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
