import type { Costs } from "./rounds.ts";
import { ratio, type Spread, spread } from "./spread.ts";

/** Contenders that were measured together. */
export interface Group {
  readonly title: string;
  /** Name of the contender that the others are divided by. */
  readonly base: string;
  readonly costs: Costs;
}

/** A promise about a ratio. */
export interface Target {
  readonly text: string;
  readonly measured: Spread;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Three significant digits. */
export function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

const quartiles = ({ low, high }: Spread, show = digits) => `${show(low)}–${show(high)}`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "---:"))), ...rows.map(line)].join(
    "\n",
  );
}

/** One table: time per operation, and its ratio to the base. */
export function groupTable({ title, base, costs }: Group): string {
  const rows = Object.entries(costs).map(([name, values]) => {
    const microseconds = spread(values.map((value) => value / 1000));
    const times = ratio(values, costs[base] ?? []);
    return [
      name,
      digits(microseconds.median),
      quartiles(microseconds),
      digits(times.median),
      quartiles(times),
    ];
  });
  return `### ${title}\n\n${table(["", "µs", "quartiles", `÷ ${base}`, "quartiles"], rows)}\n`;
}

export function isMet({ measured, atLeast, atMost }: Target): boolean {
  return (
    measured.median >= (atLeast ?? Number.NEGATIVE_INFINITY) &&
    measured.median <= (atMost ?? Number.POSITIVE_INFINITY)
  );
}

/** All promises with what was measured. */
export function targetTable(targets: readonly Target[]): string {
  const rows = targets.map((target) => [
    target.text,
    target.atLeast === undefined ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`,
    digits(target.measured.median),
    quartiles(target.measured),
    isMet(target) ? "met" : "**missed**",
  ]);
  return table(["ratio", "target", "measured", "quartiles", ""], rows);
}
