import type { Clock } from "../clock.ts";
import { faultFailure } from "../keys/source-status.ts";
import { feedBounds } from "./revocation-answer.ts";
import type { FeedStep, RevocationFollower } from "./revocation-follower.ts";
import { signFeedToken } from "./revocation-token.ts";

/** Seconds that an answer may take beyond the time for which it was asked to be held. Held against `contract/defaults.json`. */
export const requestMarginSeconds = 10;

/** Asks the feed: `fetch`, or something that answers like it. */
export type FetchFeed = (url: string, init: RequestInit) => Promise<Response>;

/** Waits; at once at its end where the signal is aborted. Never rejects. */
export type Sleep = (seconds: number, signal: AbortSignal) => Promise<void>;

/** Where and how a feed is asked. */
export interface FeedRequestOptions {
  readonly url: string;
  readonly issuer: string;
  readonly clock: Clock;
  readonly fetch: FetchFeed;
  readonly sleep: Sleep;
  /** Ends the request. */
  readonly signal: AbortSignal;
}

/** One request for what the follower needs next, without following redirects. Never rejects. */
export async function askFeed(follower: RevocationFollower, options: FeedRequestOptions): Promise<FeedStep> {
  const { url, issuer, clock, fetch, sleep } = options;
  const { after, wait, feedKey } = follower.next();
  const ending = new AbortController();
  const { signal } = ending;
  const end = () => ending.abort();
  options.signal.addEventListener("abort", end);
  let timedOut = false;
  const timer = sleep(wait + requestMarginSeconds, signal).then(() => {
    timedOut = !signal.aborted;
    ending.abort();
  });
  try {
    const address = new URL(url);
    if (after !== undefined) address.searchParams.set("after", after);
    if (wait > 0) address.searchParams.set("wait", String(wait));
    const token = signFeedToken({ feedKey, issuer, clock });
    const init = {
      headers: { Accept: "application/json", Authorization: `Bearer ${token}` },
      cache: "no-store",
      redirect: "manual",
      signal,
    } satisfies RequestInit;
    const ended = timer.then(() => {
      throw new Error("The answer took too long.");
    });
    const answer = fetch(address.href, init).then(async (response) => {
      return { status: response.status, body: await bodyOf(response) };
    });
    answer.catch(() => {});
    // A `fetch` that does not heed the signal is not waited for.
    const { status, body } = await Promise.race([answer, ended]);
    return follower.answered(status, body);
  } catch (fault) {
    return follower.failed(timedOut ? "timeout" : faultFailure(fault));
  } finally {
    options.signal.removeEventListener("abort", end);
    end();
  }
}

/** As much as an answer may hold, and a byte more where there is more. */
async function bodyOf(response: Response): Promise<Uint8Array> {
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    return new Uint8Array();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop by a return cancels the body.
  for await (const chunk of response.body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > feedBounds.maxBytes) return new Uint8Array(feedBounds.maxBytes + 1);
  }
  return Buffer.concat(chunks);
}
