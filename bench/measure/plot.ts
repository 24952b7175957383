import { digits, type Group } from "./report.ts";
import { spread } from "./spread.ts";

const [nameWidth, barWidth, rowHeight, valueWidth] = [210, 420, 20, 110];

const escaped = (text: string) => text.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`);

/**
 * Bars of CPU time per operation on a logarithmic scale, one block per group, with whiskers from quartile to quartile.
 * Colours follow the reader's light or dark setting.
 */
export function plot(groups: readonly Group[], own: RegExp): string {
  const all = groups.flatMap(({ costs }) => Object.values(costs).map((values) => spread(values).median));
  const [least, most] = [Math.min(...all) / 1.6, Math.max(...all)];
  const x = (value: number) => (barWidth * Math.log(value / least)) / Math.log(most / least);
  const parts: string[] = [];
  let y = 8;
  for (const { title, costs } of groups) {
    parts.push(`<text class="title" x="8" y="${y + 15}">${escaped(title)}</text>`);
    y += 24;
    for (const [name, values] of Object.entries(costs)) {
      const { low, median, high } = spread(values);
      const middle = y + rowHeight / 2;
      const [from, to] = [nameWidth + Math.max(0, x(low)), nameWidth + x(high)].map((place) =>
        place.toFixed(1),
      );
      parts.push(
        `<text x="${nameWidth - 8}" y="${middle + 4}" text-anchor="end">${escaped(name)}</text>`,
        `<rect class="${own.test(name) ? "own" : "peer"}" x="${nameWidth}" y="${y + 3}" width="${x(median).toFixed(1)}" height="${rowHeight - 6}" rx="2"/>`,
        `<path class="spread" d="M${from} ${middle}H${to}"/>`,
        `<text x="${nameWidth + Math.max(x(median), x(high)) + 8}" y="${middle + 4}">${digits(median / 1000)} µs</text>`,
      );
      y += rowHeight;
    }
    y += 10;
  }
  const width = nameWidth + barWidth + valueWidth;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img">
<title>CPU time per operation, logarithmic scale</title>
<style>
svg { background: #fff; } text { font: 12px system-ui, sans-serif; fill: #24292f; } .title { font-weight: 600; }
.own { fill: #0a7a5a; } .peer { fill: #9aa4ae; } .spread { stroke: #24292f; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
svg { background: #0d1117; } text { fill: #e6edf3; } .own { fill: #2fbf8f; } .peer { fill: #57606a; } .spread { stroke: #e6edf3; }
}
</style>
${parts.join("\n")}
</svg>
`;
}
