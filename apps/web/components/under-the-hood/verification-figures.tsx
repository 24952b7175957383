import type { RoadEvent } from "../../lib/road-log.ts";
import type { Verification } from "../../lib/verification.ts";
import { useSession } from "../session/session-provider.tsx";
import { took } from "./figures.ts";

const kinds = [
  {
    recognition: "cold",
    title: "Cold",
    text: "A token that it sees for the first time: signature, times, issuer, audience and user.",
    none: "Get a new token to see it.",
  },
  {
    recognition: "warm",
    title: "Warm",
    text: "The very same token again: found among those that it has verified, and still within its life.",
    none: "Send another request to see it.",
  },
] as const;

/** Who verified the token, and in what time: as the API itself measured it. */
export function VerificationFigures({ events }: { events: readonly RoadEvent[] }) {
  const { proxied } = useSession();
  const known = events.flatMap(({ answer }) => answer?.verification ?? []);
  const answered = events.some(({ answer, kind }) => kind === "call" && answer && answer.status < 400);
  if (known.length === 0 && answered) {
    return (
      <p className="mt-6 border-t border-line pt-5 text-sm text-soft">
        This API does not tell how long it verifies: its setting SHOW_VERIFICATION is 0.
      </p>
    );
  }
  const backend = known[0]?.backend;
  return (
    <div className="mt-6 border-y border-line">
      <h3 className="sr-only">Who verified the token, and in what time</h3>
      <dl className="grid divide-line max-sm:divide-y sm:grid-cols-[11rem_1fr_1fr] sm:divide-x">
        <Figure
          title="Verified by"
          value={backend ?? "…"}
          text="The API alone. It asked neither the web app nor a database."
        />
        {kinds.map(({ recognition, title, text, none }) => {
          const latest = known.find((one: Verification) => one.recognition === recognition);
          return (
            <Figure
              key={recognition}
              title={title}
              value={latest ? took(latest) : "–"}
              text={latest ? text : proxied ? "Comes with the next token of this session." : none}
            />
          );
        })}
      </dl>
    </div>
  );
}

function Figure({ title, value, text }: { title: string; value: string; text: string }) {
  return (
    <div className="py-4 sm:px-5 sm:first:pl-0">
      <dt className="eyebrow">{title}</dt>
      <dd>
        <p className="mt-1 text-xl font-medium tabular-nums">{value}</p>
        <p className="mt-1 text-sm leading-5 text-pretty text-soft">{text}</p>
      </dd>
    </div>
  );
}
