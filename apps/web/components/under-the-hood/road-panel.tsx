import type { ReactNode } from "react";
import type { RoadEvent } from "../../lib/road-log.ts";
import { RoadDiagram } from "./road-diagram.tsx";
import { callSteps, tokenSteps } from "./road-steps.ts";
import { RoadWords } from "./road-words.tsx";
import { VerificationFigures } from "./verification-figures.tsx";

interface RoadPanelProps {
  events: readonly RoadEvent[];
  shown: RoadEvent | undefined;
  /** Where the token of the shown request came from. */
  origin: RoadEvent | undefined;
  /** What starts requests. */
  actions: ReactNode;
}

/** The road of one request, drawn while it happens. */
export function RoadPanel({ events, shown, origin, actions }: RoadPanelProps) {
  const steps = shown
    ? [
        ...(origin ? tokenSteps(origin) : []),
        ...(shown.kind === "token" ? tokenSteps(shown) : callSteps(shown)),
      ]
    : [];
  return (
    <section aria-labelledby="road-title">
      <div className="mb-5 flex flex-wrap items-center justify-between gap-x-8 gap-y-3">
        <h2 id="road-title" className="text-lg font-semibold">
          The road of one request
        </h2>
        <div className="flex flex-wrap gap-2">{actions}</div>
      </div>
      <p role="status" className="sr-only">
        {shown ? summary(shown) : ""}
      </p>
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <RoadDiagram name={String(shown?.id ?? 0)} steps={steps} />
        <div className="grid content-start gap-4 lg:min-h-[33rem]">
          <RoadWords steps={steps} />
        </div>
      </div>
      <VerificationFigures events={events} />
    </section>
  );
}

function summary({ method, route, answer }: RoadEvent): string {
  const outcome = answer ? `${answer.status} ${answer.code ?? ""}`.trim() : "on its way";
  return `${method} ${route}: ${outcome}`;
}
