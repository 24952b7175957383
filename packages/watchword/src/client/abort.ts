// Some platforms (React Native) have an AbortSignal without `reason`, `throwIfAborted` and `any`, and no DOMException.

/** What a call that was given up is rejected with, where its signal gives no reason of its own. */
export function abortError(message: string): Error {
  if (typeof DOMException === "function") return new DOMException(message, "AbortError");
  return Object.assign(new Error(message), { name: "AbortError" });
}

/** Whether an error says that a call was given up. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

type Signals = readonly (AbortSignal | null | undefined)[];

/** @throws the signal's reason when it has fired */
export function throwIfAborted(signal: AbortSignal | null | undefined): void {
  if (signal?.aborted) throw reasonOf(signal);
}

function reasonOf(signal: AbortSignal): unknown {
  return signal.reason ?? abortError("The call was aborted.");
}

/** Calls `fired` with the reason of the first signal that fires. The function it gives lets go of them. */
function onAbort(signals: Signals, fired: (reason: unknown) => void): () => void {
  const present = signals.filter((signal) => signal !== null && signal !== undefined);
  const listeners = present.map((signal) => [signal, () => fired(reasonOf(signal))] as const);
  for (const [signal, listener] of listeners) signal.addEventListener("abort", listener);
  return () => {
    for (const [signal, listener] of listeners) signal.removeEventListener("abort", listener);
  };
}

/**
 * Waits for `promise`, but no longer than until one of the signals fires. The promise itself goes on: others may wait
 * for it too.
 *
 * @throws the reason of the signal that fired
 */
export async function untilAborted<T>(promise: Promise<T>, signals: Signals): Promise<T> {
  for (const signal of signals) throwIfAborted(signal);
  let release = () => {};
  const aborted = new Promise<never>((_, reject) => {
    release = onAbort(signals, reject);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    release();
  }
}

/** A signal that fires with the first of several. */
export function firstOf(signals: Signals): AbortSignal {
  const joined = new AbortController();
  const fired = signals.find((signal) => signal?.aborted);
  if (fired) joined.abort(reasonOf(fired));
  // They live no longer than the page: a stream that is being read must still end.
  else onAbort(signals, (reason) => joined.abort(reason));
  return joined.signal;
}
