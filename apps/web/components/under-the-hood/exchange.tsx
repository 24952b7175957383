import type { ReactNode } from "react";
import type { Attempt, Verdict } from "../../lib/break-in.ts";
import { type ClauseName, clauseFor } from "../../lib/clause.ts";
import type { RawAnswer } from "../../lib/raw-answer.ts";
import { classNames } from "../ui/class-names.ts";
import { ClauseText } from "./clause-text.tsx";

/** An attempt and what came of it. */
export interface Outcome {
  readonly attempt: Attempt;
  readonly answer: RawAnswer;
  readonly verdict: Verdict;
  /** The verdict as a sentence. */
  readonly words: string;
}

/** The colours of a verdict. */
const verdictTone: Readonly<Record<Verdict, string>> = {
  refused: "bg-good-wash text-good",
  "got through": "bg-danger-wash text-danger",
  "not an attack": "bg-line text-ink",
};

interface ExchangeProps {
  /** Names the answer for assistive technology. */
  label: string;
  outcome: Outcome;
  /** The clause that has to decide. */
  clause: ClauseName;
  /** Whether request and answer are shown at once. */
  open: boolean;
}

/** What decided, and the request and its answer as they were. */
export function Exchange({
  label,
  outcome: { attempt, answer, verdict, words },
  clause: expected,
  open,
}: ExchangeProps) {
  const clause = clauseFor(answer.code, expected);
  return (
    <section aria-label={label} className="mt-4 grid gap-3">
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <span
          className={classNames("rounded px-2 py-0.5 font-mono text-sm font-medium", verdictTone[verdict])}
        >
          {answer.status}
        </span>
        {answer.code ? <code className="font-mono text-sm font-medium">{answer.code}</code> : null}
        <span className="text-sm text-soft">{words}</span>
      </p>
      {clause ? <ClauseText clause={clause} /> : null}
      <details open={open} className="text-sm">
        <summary className="w-fit cursor-pointer rounded-control text-soft hover:text-ink">
          Request and answer
        </summary>
        <div className="mt-2 grid divide-y divide-line rounded-panel border border-line bg-surface">
          <Part title="Request">
            {`${answer.method} ${answer.url}\n${header(attempt)}`}
            <span className="mt-2 block font-sans text-soft">{attempt.differences.join("; ")}</span>
          </Part>
          <Part title="Answer">
            {answer.requestId ? `X-Request-Id: ${answer.requestId}\n\n` : ""}
            {answer.body}
          </Part>
        </div>
      </details>
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="px-4 py-3">
      <h4 className="eyebrow mb-1">{title}</h4>
      <pre className="max-h-72 overflow-auto font-mono text-[0.8125rem] leading-5 whitespace-pre-wrap wrap-anywhere">
        {children}
      </pre>
    </div>
  );
}

function header({ authorization }: Attempt): string {
  if (authorization === undefined) return "(no Authorization header)";
  return `Authorization: ${authorization.replaceAll(/[\w-]+\.[\w-]+\.[\w-]*/g, shorten)}`;
}

/** Enough to recognise a token by, and not enough to use it. */
function shorten(token: string): string {
  const [head = "", payload = "", signature = ""] = token.split(".");
  return [head.slice(0, 10), payload.slice(0, 10), signature.slice(0, 6)].map((part) => `${part}…`).join(".");
}
