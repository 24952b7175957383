"use client";

import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { useHydrated } from "../ui/use-hydrated.ts";

interface SubmitButtonProps {
  children: string;
  pending: boolean;
  /** After too many attempts: seconds until the next one, counted down on the button. */
  waitSeconds: number;
  className?: string;
}

export function SubmitButton({ children, pending, waitSeconds, className }: SubmitButtonProps) {
  const hydrated = useHydrated();
  return (
    <Button
      type="submit"
      disabled={!hydrated || waitSeconds > 0}
      pending={pending}
      className={classNames("min-h-11 tabular-nums", className)}
    >
      {waitSeconds > 0 ? `Try again in ${waitSeconds} s` : children}
    </Button>
  );
}
