/** Where the time comes from. Everything that compares times takes one, so that tests need not wait. */
export interface Clock {
  /** Seconds since 1970-01-01T00:00:00Z, fractions allowed (RFC 7519 §2, NumericDate). */
  now(): number;
}

/** The clock of this machine. */
export const systemClock: Clock = Object.freeze({ now: () => Date.now() / 1000 });
