import { Fragment } from "react";
import type { Clause } from "../../lib/clause.ts";

/** A clause of the contract as it is written there. */
export function ClauseText({ clause: { name, text } }: { clause: Clause }) {
  return (
    <p className="text-sm leading-6 text-pretty wrap-anywhere text-soft">
      <strong className="font-medium text-ink">{name.replace("HTTP-", "HTTP rule ")}</strong> {marked(text)}
    </p>
  );
}

function marked(text: string) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part, index) => {
    // The parts of a text never change their places.
    const key = `${index}`;
    if (part.startsWith("`"))
      return (
        <code key={key} className="font-mono text-[0.8125rem] text-ink">
          {part.slice(1, -1)}
        </code>
      );
    if (part.startsWith("**")) return <strong key={key}>{part.slice(2, -2)}</strong>;
    return <Fragment key={key}>{part}</Fragment>;
  });
}
