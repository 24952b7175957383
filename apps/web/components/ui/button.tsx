import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

export type ButtonVariant = "primary" | "secondary" | "quiet" | "danger";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "border border-line-strong bg-surface text-ink hover:border-ink",
  quiet: "text-soft hover:bg-sunken hover:text-ink",
  danger: "bg-danger text-paper hover:opacity-90",
};

const base =
  "inline-flex min-h-10 items-center justify-center gap-2 whitespace-nowrap rounded-control px-4 text-sm font-medium transition-colors duration-150 disabled:opacity-60 forced-colors:border";

/** The classes of a button, for links that look like one. */
export function buttonStyle(variant: ButtonVariant = "primary", className?: string): string {
  return classNames(base, variants[variant], className);
}

interface ButtonProps extends ComponentProps<"button"> {
  variant?: ButtonVariant;
  /** Work is going on: shown, announced as busy, and a second press is refused. */
  pending?: boolean;
}

export function Button({ variant = "primary", pending, disabled, className, type, ...rest }: ButtonProps) {
  return (
    <button
      type={type ?? "button"}
      disabled={disabled || pending}
      aria-busy={pending || undefined}
      data-pending={pending || undefined}
      className={buttonStyle(variant, className)}
      {...rest}
    />
  );
}
