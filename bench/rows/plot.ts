import { type Latencies, percentile, questions } from "./latency.ts";

const [plotWidth, plotHeight, left, top] = [300, 150, 54, 46];
const [cellWidth, cellHeight] = [plotWidth + left + 26, plotHeight + top + 34];

function brief(count: number): string {
  return count >= 1_000_000 ? `${count / 1_000_000}M` : `${count / 1000}k`;
}

/**
 * One small chart for each pair of backend and store: milliseconds against the number of rows (logarithmic), p50 as lines and
 * p95 as dashes. Colours follow the reader's light or dark setting.
 */
export function plot(measured: Readonly<Record<string, Latencies>>, sizes: readonly number[]): string {
  const most = Math.max(
    ...Object.values(measured).flatMap((latencies) =>
      Object.values(latencies).flatMap((bySize) =>
        Object.values(bySize).map((times) => percentile(times, 0.95)),
      ),
    ),
  );
  const ceiling = Math.ceil(most * 1.1);
  const names = Object.keys(questions);
  const parts: string[] = [];
  for (const [index, [pair, latencies]] of Object.entries(measured).entries()) {
    const [x0, y0] = [(index % 2) * cellWidth + left, Math.floor(index / 2) * cellHeight + top];
    const x = (at: number) => (x0 + (plotWidth * at) / (sizes.length - 1)).toFixed(1);
    const y = (value: number) => (y0 + plotHeight - (plotHeight * value) / ceiling).toFixed(1);
    parts.push(`<text class="title" x="${x0}" y="${y0 - 12}">${pair}</text>`);
    for (const value of [0, ceiling / 2, ceiling])
      parts.push(
        `<path class="grid" d="M${x0} ${y(value)}h${plotWidth}"/>`,
        `<text x="${x0 - 6}" y="${Number(y(value)) + 4}" text-anchor="end">${value} ms</text>`,
      );
    for (const [at, size] of sizes.entries())
      parts.push(`<text x="${x(at)}" y="${y0 + plotHeight + 18}" text-anchor="middle">${brief(size)}</text>`);
    for (const [line, name] of names.entries())
      for (const [share, kind] of [
        [0.5, "p50"],
        [0.95, "p95"],
      ] as const) {
        const points = sizes.map(
          (size, at) => `${x(at)} ${y(percentile(latencies[name]?.[size] ?? [], share))}`,
        );
        parts.push(`<path class="${kind} line${line}" d="M${points.join("L")}"/>`);
      }
  }
  const height = Math.ceil(Object.keys(measured).length / 2) * cellHeight + 30;
  for (const [line, name] of names.entries())
    parts.push(
      `<path class="p50 line${line}" d="M${left + line * 170} ${height - 14}h24"/>`,
      `<text x="${left + line * 170 + 30}" y="${height - 10}">${name}</text>`,
    );
  const width = 2 * cellWidth;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>Milliseconds of a request against the rows in the store: p50 as lines, p95 dashed</title>
<style>
svg { background: #fff; } text { font: 12px system-ui, sans-serif; fill: #24292f; } .title { font-weight: 600; }
.grid { stroke: #d0d7de; } path { fill: none; } .p50 { stroke-width: 2; } .p95 { stroke-width: 1.2; stroke-dasharray: 4 3; }
.line0 { stroke: #0a7a5a; } .line1 { stroke: #8250df; } .line2 { stroke: #bc4c00; } .line3 { stroke: #0969da; }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117; } text { fill: #e6edf3; } .grid { stroke: #30363d; }
.line0 { stroke: #2fbf8f; } .line1 { stroke: #b392f0; } .line2 { stroke: #f0883e; } .line3 { stroke: #58a6ff; }
}
</style>
${parts.join("\n")}
</svg>
`;
}
