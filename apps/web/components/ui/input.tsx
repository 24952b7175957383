import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

const control =
  "w-full rounded-control border border-line-strong bg-surface px-3 text-ink transition-colors duration-150 hover:border-ink aria-invalid:border-danger focus-visible:outline-offset-0";

/** What is written from right to left stands so, here and where it is shown. */
export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input dir="auto" className={classNames(control, "h-10", className)} {...rest} />;
}

/** Its height and line height come with `className`, where one is given. */
export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <textarea
      dir="auto"
      className={classNames(control, "py-2", className ?? "min-h-28 resize-y leading-6")}
      {...rest}
    />
  );
}
