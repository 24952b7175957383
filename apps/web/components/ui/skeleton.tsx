import { classNames } from "./class-names.ts";

/** Stands where text will be. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={classNames("block animate-pulse rounded bg-line", className)} />;
}
