import { classNames } from "../ui/class-names.ts";
import type { Lane, RoadStep } from "./road-steps.ts";

const lanes: ReadonlyArray<{ lane: Lane; title: string; text: string; x: string }> = [
  { lane: "browser", title: "Browser", text: "you", x: "11%" },
  { lane: "web", title: "Web app", text: "Better Auth", x: "37%" },
  { lane: "api", title: "API", text: "verifies", x: "63%" },
  { lane: "database", title: "Database", text: "your rows", x: "89%" },
];

const order: readonly Lane[] = lanes.map(({ lane }) => lane);
const x = (lane: Lane) => lanes[order.indexOf(lane)]?.x ?? "0%";

const headHeight = 64;
const rowHeight = 46;
/** The longest road, so that nothing below it moves when a shorter one is drawn. */
const rows = 9;
const delayPerStepMs = 90;

const tones: Record<RoadStep["tone"], string> = {
  plain: "text-ink",
  signed: "text-accent",
  good: "text-good",
  bad: "text-danger",
  pending: "text-soft",
};

interface RoadDiagramProps {
  /** Changes with the request that is drawn. */
  name: string;
  steps: readonly RoadStep[];
}

/** The steps as a sequence diagram. The list of words beside it says the same, so assistive technology passes it over. */
export function RoadDiagram({ name, steps }: RoadDiagramProps) {
  const height = headHeight + rows * rowHeight;
  return (
    <svg aria-hidden="true" className="w-full select-none" height={height}>
      <defs>
        {Object.entries(tones).map(([tone, colour]) => (
          <marker
            key={tone}
            id={`arrow-${tone}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="8"
            markerHeight="8"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path d="M0 0.5 7.5 4 0 7.5z" className={classNames("fill-current", colour)} />
          </marker>
        ))}
      </defs>
      {lanes.map(({ lane, title, text, x: at }) => (
        <g key={lane}>
          <line x1={at} x2={at} y1={46} y2={height} className="stroke-line" strokeWidth={1} />
          <text x={at} y={16} textAnchor="middle" className="fill-ink text-[13px] font-medium">
            {title}
          </text>
          <text x={at} y={34} textAnchor="middle" className="fill-soft text-[12px]">
            {text}
          </text>
        </g>
      ))}
      {steps.map((one, index) => (
        <Step
          key={`${name}-${one.id}`}
          step={one}
          number={index + 1}
          y={headHeight + index * rowHeight + rowHeight / 2}
          delayMs={index * delayPerStepMs}
        />
      ))}
    </svg>
  );
}

interface StepProps {
  step: RoadStep;
  number: number;
  y: number;
  delayMs: number;
}

function Step({ step: { from, to, label, tone }, number, y, delayMs }: StepProps) {
  const forward = order.indexOf(to) > order.indexOf(from);
  // Notes of the API stand to its left, where there is room on a phone.
  const leftward = from === to ? from === "api" : !forward;
  return (
    <g
      className={classNames(
        "transition-opacity duration-200 motion-reduce:delay-0! starting:opacity-0",
        tones[tone],
      )}
      style={{ transitionDelay: `${delayMs}ms` }}
    >
      {from === to ? null : (
        <line
          x1={x(from)}
          x2={x(to)}
          y1={y}
          y2={y}
          className="stroke-current"
          strokeWidth={1.5}
          strokeDasharray={tone === "pending" ? "3 4" : undefined}
          markerEnd={`url(#arrow-${tone})`}
        />
      )}
      <circle cx={x(from)} cy={y} r={9} className="fill-paper stroke-current" strokeWidth={1.5} />
      <text x={x(from)} y={y + 3.5} textAnchor="middle" className="fill-current font-mono text-[10px]">
        {number}
      </text>
      <text
        x={x(from)}
        dx={leftward ? -15 : 15}
        y={from === to ? y + 4 : y - 7}
        textAnchor={leftward ? "end" : "start"}
        className="fill-current stroke-paper font-mono text-[11px] sm:text-[12px]"
        strokeWidth={5}
        strokeLinejoin="round"
        paintOrder="stroke"
      >
        {label}
      </text>
    </g>
  );
}
