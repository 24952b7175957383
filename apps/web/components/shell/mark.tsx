import { classNames } from "../ui/class-names.ts";

/** The sign of the application: a signature above its line. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden="true" className={classNames("size-6", className)}>
      <path d="M3 20.5h18" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
      <path
        d="M3.5 15.5c3.2-2.6 6-7 6.3-9.6.2-1.8-1.4-1.5-1.8.5-.7 3.7-.3 8.8 1.5 9 1.8.2 2.5-4.7 4.1-4.7 1.4 0 .3 4.2 1.9 4.2 1.1 0 1.8-2.2 5-2.4"
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
