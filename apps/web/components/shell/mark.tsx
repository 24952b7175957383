import { classNames } from "../ui/class-names.ts";

/** The sign of the application: a signature above its line. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" aria-hidden="true" className={classNames("size-6", className)}>
      <path d="M3 20.5h18" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
      <path
        d="M3.5 15.5c3.2-2.6 6-7 6.300-9.600.2-1.800-1.400-1.500-1.800.5-.7 3.700-.3 8.800 1.500 9 1.800.2 2.500-4.700 4.100-4.700 1.400 0 .3 4.200 1.900 4.200 1.100 0 1.800-2.200 5-2.400"
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
        Countersign
      </span>
    </span>
  );
}
