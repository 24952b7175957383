"use client";

import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { IconButton } from "./icon-button.tsx";

export interface ToastMessage {
  title: string;
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
  return ({ title, description, tone = "neutral", action }) => {
    const id = add({
      title,
      ...(description && { description }),
      type: tone,
      timeout: tone === "neutral" ? 6_000 : action ? 0 : 10_000,
      ...(action && {
        actionProps: {
          children: action.label,
          onClick: () => {
            close(id);
            action.onPress();
          },
        },
      }),
    });
  };
}

export function ToastProvider({ children }: { children: ReactNode }) {
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
      <Base.Content className="flex items-center gap-2 py-2 pr-2 pl-4">
        <div className="min-w-0 flex-1 py-1">
          <Base.Title className="text-sm font-medium" />
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
