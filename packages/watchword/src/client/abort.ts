/**
 * Waits for `promise`, but no longer than until one of the signals fires. The promise itself goes on: others may wait
 * for it too.
 *
 * @throws the reason of the signal that fired
 */
export async function untilAborted<T>(
  promise: Promise<T>,
  signals: readonly (AbortSignal | null | undefined)[],
): Promise<T> {
  const present = signals.filter((signal) => signal !== null && signal !== undefined);
  for (const signal of present) signal.throwIfAborted();
  const stop = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    for (const signal of present) {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true, signal: stop.signal });
    }
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop.abort();
  }
}
