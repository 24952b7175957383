"use client";

import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { classNames } from "./class-names.ts";
import { guardGestures } from "./gesture.ts";
import { IconButton } from "./icon-button.tsx";

export interface ToastMessage {
  title: string;
  /** The title of the row that it is about. */
  row?: string;
  description?: string;
  tone?: "neutral" | "danger";
  action?: { label: string; onPress: () => void };
}

/**
 * Shows a message at the edge of the screen and announces it; failures stay longer. One that can be tried again stays until it is
 * answered: what was written is kept there alone.
 */
export function useToast(): (message: ToastMessage) => void {
  const { add, close } = Base.useToastManager();
  return ({ title, row, description, tone = "neutral", action }) => {
    let answered = false;
    const id = add({
      title: row === undefined ? title : named(title, row),
      ...(description && { description }),
      type: tone,
      timeout: tone === "neutral" ? 6_000 : action ? 0 : 10_000,
      ...(action && {
        actionProps: {
          children: action.label,
          onClick: () => {
            // The message can still be pressed while it fades.
            if (answered) return;
            answered = true;
            close(id);
            action.onPress();
          },
        },
      }),
    });
  };
}

const namedLength = 40;

/** The message with the name of its row, shortened, and in its own writing direction. */
function named(title: string, row: string): ReactNode {
  const characters = Array.from(row);
  const short = characters.length > namedLength ? `${characters.slice(0, namedLength - 1).join("")}…` : row;
  return (
    <>
      {title}: <bdi>“{short}”</bdi>
    </>
  );
}

/** Shows the messages of what is inside. Everything whose rows can be changed stands in one, so gestures are guarded here. */
export function ToastProvider({ children }: { children: ReactNode }) {
  useEffect(guardGestures, []);
  return (
    <Base.Provider limit={3}>
      {children}
      <Base.Portal>
        <Base.Viewport className="fixed inset-x-4 bottom-4 z-10 mx-auto flex max-w-md flex-col gap-2 sm:right-6 sm:bottom-6 sm:left-auto sm:w-96">
          <ToastList />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function ToastList() {
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      className={classNames(
        "rounded-panel border bg-surface text-ink shadow-lift transition duration-200 ease-out data-ending-style:translate-y-2 data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-2 data-starting-style:opacity-0",
        toast.type === "danger" ? "border-danger" : "border-line",
      )}
    >
      <Base.Content data-once className="flex items-center gap-2 py-2 pr-2 pl-4">
        <div className="min-w-0 flex-1 py-1">
          <Base.Title className="text-sm font-medium wrap-anywhere" />
          <Base.Description className="text-sm text-soft wrap-anywhere" />
        </div>
        {toast.actionProps ? (
          <Base.Action className="shrink-0 rounded-control px-3 py-2 text-sm font-medium text-accent hover:bg-accent-wash" />
        ) : null}
        <Base.Close render={<IconButton label="Dismiss" />}>
          <X aria-hidden className="size-4" />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}
