import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

interface IconButtonProps extends ComponentProps<"button"> {
  /** The accessible name; the icon alone says nothing to a screen reader. */
  label: string;
}

export function IconButton({ label, className, type, ...rest }: IconButtonProps) {
  return (
    <button
      type={type ?? "button"}
      aria-label={label}
      title={label}
      className={classNames(
        "inline-flex size-9 shrink-0 items-center justify-center rounded-control text-soft transition-colors duration-150 hover:bg-sunken hover:text-ink disabled:opacity-40",
        className,
      )}
      {...rest}
    />
  );
}
