import type { Sleep } from "../../src/feed/revocation-request.ts";

/** A request that has reached the issuer, and waits for what the test answers. */
export interface HeldRequest {
  readonly url: URL;
  readonly token: string;
  readonly init: RequestInit;
  answer(status: number, body?: unknown): void;
  fail(): void;
}

/** A feed that answers when the test says so, and timers that run out when it says so. */
export function scriptedFeed() {
  const requests: HeldRequest[] = [];
  const pauses: { seconds: number; end: () => void }[] = [];
  const waiting: (() => void)[] = [];
  const woken = () => {
    for (const wake of waiting.splice(0)) wake();
  };
  /** Pauses between requests take no time; those that end a request do. */
  const skipPauses = () => {
    for (const one of pauses.filter(({ seconds }) => seconds <= 5)) one.end();
    return undefined;
  };

  const fetch = (url: string, init: RequestInit) =>
    new Promise<Response>((resolve, reject) => {
      const fail = () => reject(new TypeError("fetch failed"));
      init.signal?.addEventListener("abort", fail);
      requests.push({
        url: new URL(url),
        token: new Headers(init.headers).get("authorization")?.slice("Bearer ".length) ?? "",
        init,
        answer(status, body) {
          const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
          resolve(new Response(text, { status }));
        },
        fail,
      });
      woken();
    });

  const sleep: Sleep = (seconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const pause = {
        seconds,
        end() {
          const index = pauses.indexOf(pause);
          if (index >= 0) pauses.splice(index, 1);
          resolve();
        },
      };
      signal.addEventListener("abort", pause.end);
      pauses.push(pause);
      woken();
    });

  async function until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  return {
    fetch,
    sleep,
    /** The next request, once it is there. */
    asked: () => until(() => requests.shift() ?? skipPauses()),
    /** Once what was answered has been taken in, and the next request is there. */
    settled: () => until(() => requests[0] ?? skipPauses()),
    /** Lets the time run out that a request may take, in seconds, once one is there. */
    runOut: async (seconds: number) =>
      (await until(() => pauses.find((one) => one.seconds === seconds))).end(),
    /** How many requests wait for an answer unseen. */
    unseen: () => requests.length,
  };
}

/** An answer of the feed. */
export function feedAnswer(cursor: string, ...entries: readonly object[]) {
  return { entries, cursor, more: false, now: 1_767_225_600 };
}
