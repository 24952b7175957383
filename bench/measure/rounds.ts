/** One way to do the thing that is measured. */
export interface Contender {
  readonly name: string;
  /** Does it `times` times. */
  readonly run: (times: number) => void | Promise<void>;
}

/** Time per operation in nanoseconds, one entry per round. */
export type Costs = Readonly<Record<string, readonly number[]>>;

/** Nanoseconds so far, by some clock. */
export type Meter = () => number;

/** CPU time of this process: other processes of the machine do not count. */
export function cpuNanoseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** Time on the wall: what one request waits for one verification. */
export function wallNanoseconds(): number {
  return Number(process.hrtime.bigint());
}

async function cost({ run }: Contender, times: number, meter: Meter): Promise<number> {
  const begin = meter();
  await run(times);
  return (meter() - begin) / times;
}

/**
 * Measures contenders side by side: each round takes every one of them, in turn from another start, so that a busy
 * machine and a warming compiler touch all alike.
 *
 * @param milliseconds how long one contender runs in one round.
 */
export async function inRounds(
  contenders: readonly Contender[],
  { rounds, milliseconds }: { readonly rounds: number; readonly milliseconds: number },
  meter: Meter = cpuNanoseconds,
): Promise<Costs> {
  const costs: Record<string, number[]> = {};
  const times = new Map<string, number>();
  for (const one of contenders) {
    await cost(one, 2000, meter);
    times.set(one.name, Math.max(50, Math.round((milliseconds * 1e6) / (await cost(one, 2000, meter)))));
    costs[one.name] = [];
  }
  for (let round = 0; round < rounds; round += 1) {
    for (let index = 0; index < contenders.length; index += 1) {
      const one = contenders[(round + index) % contenders.length];
      if (one !== undefined) costs[one.name]?.push(await cost(one, times.get(one.name) ?? 1, meter));
    }
  }
  return costs;
}
