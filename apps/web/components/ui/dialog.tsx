"use client";

import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { continuesGesture } from "./gesture.ts";
import { IconButton } from "./icon-button.tsx";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  initialFocus?: RefObject<HTMLElement | null>;
}

/** A modal dialog: focus stays inside, Escape and the backdrop close it, focus returns to where it was. */
export function Dialog({ open, onOpenChange, title, children, initialFocus }: DialogProps) {
  return (
    <Base.Root
      open={open}
      onOpenChange={(next, { reason }) => {
        // The second click of the gesture that has opened it lands beside it.
        if (reason === "outside-press" && continuesGesture()) return;
        onOpenChange(next);
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-20 bg-backdrop transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-20 grid place-items-center overflow-y-auto p-4 max-sm:place-items-end">
          <Base.Popup
            {...(initialFocus && { initialFocus })}
            className="w-full max-w-lg rounded-panel border border-line bg-surface p-6 text-ink shadow-lift transition duration-150 ease-out data-ending-style:translate-y-2 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0"
          >
            <div className="mb-5 flex items-center justify-between gap-4">
              <Base.Title className="text-lg font-semibold tracking-tight">{title}</Base.Title>
              <Base.Close render={<IconButton label="Close" className="-my-2 -mr-2" />}>
                <X aria-hidden className="size-4" />
              </Base.Close>
            </div>
            {children}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
