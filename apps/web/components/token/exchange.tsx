import type { ReactNode } from "react";
import type { RawAnswer } from "../../lib/raw-answer.ts";
import { classNames } from "../ui/class-names.ts";

interface ExchangeProps {
  answer: RawAnswer;
  token: string;
  /** The user that the address names. */
  urlUserId: string;
  /** The user that the token names. */
  tokenUserId: string;
}

/** One request and its answer, side by side with what decided. */
export function Exchange({ answer, token, urlUserId, tokenUserId }: ExchangeProps) {
  const good = answer.status < 400;
  return (
    <div className="divide-y divide-line rounded-panel border border-line bg-surface">
      <Part title="Request">
        <pre className="font-mono text-[0.8125rem] leading-6 whitespace-pre-wrap wrap-anywhere">
          {`${answer.method} ${answer.url}\nAuthorization: Bearer ${shorten(token)}`}
        </pre>
      </Part>
      <Part title="Compared">
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
          <dt className="text-soft">Address says</dt>
          <dd className={classNames("font-mono wrap-anywhere", !good && "text-danger")}>{urlUserId}</dd>
          <dt className="text-soft">Token says</dt>
          <dd className="font-mono wrap-anywhere">{tokenUserId}</dd>
        </dl>
      </Part>
      <Part title="Answer">
        <section
          aria-label="Answer"
          aria-live="polite"
          className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1"
        >
          <span
            className={classNames(
              "rounded px-2 py-0.5 font-mono text-sm font-medium",
              good ? "bg-good-wash text-good" : "bg-danger-wash text-danger",
            )}
          >
            {answer.status}
          </span>
          {answer.code ? <code className="font-mono text-sm">{answer.code}</code> : null}
          <span className="text-sm text-soft">{verdict(answer.status)}</span>
        </section>
        <pre className="max-h-96 overflow-auto font-mono text-[0.8125rem] leading-6 whitespace-pre-wrap wrap-anywhere">
          {answer.body}
        </pre>
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="p-5">
      <h3 className="eyebrow mb-2">{title}</h3>
      {children}
    </div>
  );
}

function verdict(status: number): string {
  if (status === 403) return "Refused. You stay signed in.";
  if (status === 401) return "The token was refused. Get a new one above.";
  if (status < 400) return "Allowed: the address names you.";
  return "Refused.";
}

function shorten(token: string): string {
  return `${token.slice(0, 12)}…${token.slice(-8)}`;
}
