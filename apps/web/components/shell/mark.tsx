import { classNames } from "../ui/class-names.ts";

/** The sign of the application: a W above its line. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden="true" className={classNames("size-6", className)}>
      <path d="M3 20.5h18" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
      <path
        d="M4 5.5 8 16l4-8.5L16 16l4-10.5"
        stroke="var(--accent)"
        strokeWidth="1.75"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

export function Wordmark({ compact = false }: { compact?: boolean }) {
  return (
    <span className="inline-flex items-center gap-2">
      <Mark />
      <span
        className={classNames("text-[0.9375rem] font-semibold tracking-tight", compact && "max-sm:sr-only")}
      >
        Watchword
      </span>
    </span>
  );
}
