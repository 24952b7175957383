import type { ReactNode } from "react";

export function KeyCap({ children }: { children: ReactNode }) {
  return (
    <kbd className="inline-flex min-w-6 items-center justify-center rounded border border-line-strong bg-sunken px-1.5 font-mono text-xs leading-5">
      {children}
    </kbd>
  );
}
