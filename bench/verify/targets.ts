import type { Group, Target } from "../measure/report.ts";
import { ratio, type Spread, spread } from "../measure/spread.ts";

/** The promises of the project about verification, held against what was measured. */
export function targetsOf(groups: readonly Group[]): readonly Target[] {
  const of = (start: string, above: string, below: string): Spread => {
    const costs = groups.find(({ title }) => title.startsWith(start))?.costs ?? {};
    return ratio(costs[above] ?? [], costs[below] ?? []);
  };
  /** The fastest peer by its median; this package's other ways of asking and the floor are none. */
  const fastestPeer = (start: string): Spread => {
    const costs = groups.find(({ title }) => title.startsWith(start))?.costs ?? {};
    const peers = Object.entries(costs).filter(([name]) => !/watchword|floor/.test(name));
    const [first] = peers.sort(([, one], [, other]) => spread(one).median - spread(other).median);
    return ratio(first?.[1] ?? [], costs["watchword"] ?? []);
  };
  const cold = "TypeScript HS256, every token new";
  const warm = "TypeScript HS256, tokens come again";
  return [
    // The platform's HMAC and its `ieee-p1363` cost more than what was put together by hand, and need no audit.
    { text: "fast-jwt cold ÷ watchword cold", measured: of(cold, "fast-jwt", "watchword"), atLeast: 1.2 },
    // CPU time beside the wall: how soon a thread of jose's wakes up on another core is the machine's doing.
    {
      text: "jose ÷ watchword cold, CPU time",
      measured: of(cold, "jose", "watchword"),
      atLeast: 10,
    },
    {
      text: "jose ÷ watchword cold, time on the wall",
      measured: of("TypeScript HS256, every token new, one", "jose", "watchword"),
      atLeast: 6,
    },
    ...["TypeScript EdDSA", "Python EdDSA", "Python ES256"].map((title) => ({
      text: `${title} cold: fastest peer ÷ watchword`,
      measured: fastestPeer(`${title}, every`),
      atLeast: 1,
    })),
    { text: "hono/jwt ÷ watchword cold", measured: of(cold, "hono/jwt", "watchword"), atLeast: 3 },
    { text: "fast-jwt's cache ÷ watchword's", measured: of(warm, "fast-jwt", "watchword"), atLeast: 7 },
    { text: "Fastify: open ÷ authenticated", measured: of("Fastify", "open", "watchword"), atLeast: 0.9 },
    { text: "Hono: open ÷ authenticated", measured: of("Hono", "open", "watchword"), atLeast: 0.85 },
    { text: "Express: open ÷ authenticated", measured: of("Express", "open", "watchword"), atLeast: 0.88 },
    {
      text: "Hono: added by hono/jwt ÷ added by watchword",
      measured: added(groups.find(({ title }) => title.startsWith("Hono"))),
      atLeast: 3,
    },
    {
      text: "Python: PyJWT ÷ watchword warm",
      measured: of("Python HS256, tokens", "PyJWT", "watchword"),
      atLeast: 8,
    },
    {
      text: "Python: PyJWT ÷ watchword cold",
      measured: of("Python HS256, every", "PyJWT", "watchword"),
      atLeast: 2,
    },
    { text: "FastAPI: open ÷ authenticated", measured: of("FastAPI", "open", "watchword"), atLeast: 0.85 },
  ];
}

/** What authentication adds to the open route. */
function added(group: Group | undefined): Spread {
  const { open = [], watchword = [], "hono-jwt": peer = [] } = group?.costs ?? {};
  const over = (values: readonly number[]) =>
    values.map((value, round) => value - (open[round] ?? Number.NaN));
  return ratio(over(peer), over(watchword));
}
