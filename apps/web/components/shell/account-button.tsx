import { ChevronDown } from "lucide-react";

/** The classes of the button that opens the menu, the same before and after the menu is there. */
export const accountButtonStyle =
  "flex h-9 min-w-0 items-center gap-2 rounded-control px-1.5 text-sm transition-colors duration-150 hover:bg-sunken data-popup-open:bg-sunken";

export function AccountButtonContent({ name }: { name: string }) {
  return (
    <>
      <span
        aria-hidden
        className="grid size-6 shrink-0 place-items-center rounded-full bg-ink font-mono text-[0.6875rem] font-medium text-paper"
      >
        {Array.from(name)[0]?.toUpperCase()}
      </span>
      <span className="max-w-40 truncate">{name}</span>
      <ChevronDown aria-hidden className="size-4 shrink-0 text-soft" />
    </>
  );
}
