import type { RoadEvent } from "../../lib/road-log.ts";
import { classNames } from "../ui/class-names.ts";
import { auditEventOf } from "./audit-event.ts";
import { shortTokenId, took } from "./figures.ts";

const timeOfDay = new Intl.DateTimeFormat("en", { timeStyle: "medium", hourCycle: "h23" });

interface RequestListProps {
  events: readonly RoadEvent[];
  shownId: number | undefined;
  onShow: (id: number) => void;
}

/** The last requests of this page, each with the event that the servers write into their logs for it. */
export function RequestList({ events, shownId, onShow }: RequestListProps) {
  return (
    <section aria-labelledby="requests-title">
      <h2 id="requests-title" className="text-lg font-semibold">
        The last requests
      </h2>
      <p className="mt-1 mb-4 max-w-prose leading-7 text-pretty text-soft">
        Noted by this page, in memory only. The servers keep the audit trail: the web app logs each token that
        it gives out by its id, the API each request and each refusal with its code, and one request id joins
        their lines. Neither ever logs a token.
      </p>
      {events.length === 0 ? (
        <p className="text-sm text-soft">Nothing yet.</p>
      ) : (
        <ol
          aria-label="Requests"
          className="max-h-[26rem] divide-y divide-line overflow-y-auto border-y border-line"
        >
          {events.map((event) => (
            <li key={event.id} className="grid gap-y-1 py-3 pr-1">
              <div className="flex items-baseline gap-x-3">
                <Status event={event} />
                <button
                  type="button"
                  onClick={() => onShow(event.id)}
                  aria-current={event.id === shownId || undefined}
                  title="Draw its road"
                  className="min-w-0 rounded-control text-left font-mono text-[0.8125rem] wrap-anywhere underline decoration-line-strong decoration-1 underline-offset-4 hover:decoration-ink aria-[current]:font-semibold"
                >
                  {event.method} {event.route}
                </button>
                <time
                  dateTime={new Date(event.at).toISOString()}
                  className="ml-auto shrink-0 font-mono text-xs text-soft"
                >
                  {timeOfDay.format(event.at)}
                </time>
              </div>
              <p className="pl-[3.25rem] text-xs leading-5 wrap-anywhere text-soft">
                {facts(event).join(" · ")}
              </p>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Status({ event: { answer } }: { event: RoadEvent }) {
  const good = answer && answer.status > 0 && answer.status < 400;
  return (
    <span
      className={classNames(
        "w-10 shrink-0 font-mono text-[0.8125rem] font-semibold",
        !answer ? "text-soft" : good ? "text-good" : "text-danger",
      )}
    >
      {answer ? answer.status || "–" : "…"}
    </span>
  );
}

function facts(event: RoadEvent): string[] {
  const { kind, credential, tokenId, answer } = event;
  const facts = [carried[credential] ?? `token ${shortTokenId(tokenId ?? "of no id")}`];
  if (!answer) return [...facts, "on its way"];
  if (answer.code) facts.push(answer.code);
  facts.push(`${Math.max(1, Math.round(answer.milliseconds))} ms`);
  if (answer.verification)
    facts.push(`verified ${answer.verification.recognition} in ${took(answer.verification)}`);
  const trail = [
    auditEventOf(event),
    answer.issued?.tokenId,
    kind === "call" && answer.requestId && `http.request.id ${answer.requestId}`,
  ].filter(Boolean);
  return trail.length > 0 ? [...facts, `log: ${trail.join(" ")}`] : facts;
}

const carried: Partial<Record<RoadEvent["credential"], string>> = {
  session: "session cookie",
  none: "no credential",
  several: "two credentials",
};
