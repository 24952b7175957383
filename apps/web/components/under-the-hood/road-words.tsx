import { classNames } from "../ui/class-names.ts";
import type { RoadStep } from "./road-steps.ts";

const tones: Record<RoadStep["tone"], string> = {
  plain: "border-ink text-ink",
  signed: "border-accent text-accent",
  good: "border-good text-good",
  bad: "border-danger text-danger",
  pending: "border-soft text-soft",
};

/** The steps in sentences, numbered as in the drawing. */
export function RoadWords({ steps }: { steps: readonly RoadStep[] }) {
  return (
    <ol aria-label="The road in words" className="grid gap-3">
      {steps.map(({ id, words, tone }, index) => (
        <li key={id} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 text-sm leading-5">
          <span
            aria-hidden
            className={classNames(
              "flex size-5 items-center justify-center rounded-full border-[1.5px] font-mono text-[0.625rem]",
              tones[tone],
            )}
          >
            {index + 1}
          </span>
          <span className="text-pretty wrap-anywhere">{words}</span>
        </li>
      ))}
    </ol>
  );
}
