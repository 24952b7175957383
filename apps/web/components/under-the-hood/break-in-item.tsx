import type { ReactNode } from "react";
import type { ClauseName } from "../../lib/clause.ts";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { Exchange } from "./exchange.tsx";
import type { BreakInState } from "./use-break-ins.ts";

interface BreakInItemProps {
  title: string;
  text: string;
  /** The clause that has to decide. */
  clause: ClauseName;
  state: BreakInState;
  /** Why it cannot be tried now; empty where that is said elsewhere. */
  unavailable: string | undefined;
  onTry: () => void;
  /** What can be chosen before. */
  children?: ReactNode;
}

/** One way in: what it is, the button that tries it, and what came of it. */
export function BreakInItem({ title, text, clause, state, unavailable, onTry, children }: BreakInItemProps) {
  const { pending, outcome, error, open } = state;
  return (
    <li className="py-5">
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
        <div className="max-w-[38rem] min-w-0 flex-1 basis-72">
          <h3 className="font-medium">{title}</h3>
          <p className="mt-1 text-sm leading-6 text-pretty text-soft">{text}</p>
          {children}
        </div>
        <div className="grid justify-items-end gap-1 max-sm:w-full max-sm:justify-items-start">
          <Button
            variant="secondary"
            pending={pending}
            disabled={unavailable !== undefined}
            aria-label={`Try it: ${title}`}
            onClick={onTry}
          >
            Try it
          </Button>
          {unavailable ? (
            <p className="max-w-60 text-sm text-soft tabular-nums sm:text-right">{unavailable}</p>
          ) : null}
        </div>
      </div>
      <div aria-live="polite">
        {error ? (
          <div className="mt-4">
            <Notice tone="danger">{error.message}</Notice>
          </div>
        ) : null}
        {outcome ? (
          <Exchange label={`Answer: ${title}`} outcome={outcome} clause={clause} open={open} />
        ) : null}
      </div>
    </li>
  );
}
