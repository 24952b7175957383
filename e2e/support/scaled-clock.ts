/** A clock that runs faster than the real one from a moment on; several processes that are told the same agree. */
export interface ClockSettings {
  /** When it was right: seconds since 1970. */
  readonly start: number;
  /** How many of its seconds pass in one. */
  readonly factor: number;
}

export interface RunningClock {
  now(): number;
}

export function scaledClock({ start, factor }: ClockSettings): RunningClock {
  return { now: () => start + (Date.now() / 1000 - start) * factor };
}

export const realTime: ClockSettings = { start: 0, factor: 1 };
