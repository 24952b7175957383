import type { Clock } from "../clock.ts";
import { WatchwordError } from "../errors.ts";
import type { KeyAlgorithm } from "./algorithms.ts";
import { type FetchKeys, fetchKeySet, KeySetError, keySetBounds } from "./fetch-key-set.ts";
import { findKey, type KeySet, type VerificationKey } from "./key-set.ts";
import type { KeySetEvent } from "./key-set-events.ts";
import {
  type FetchFailure,
  faultFailure,
  type SourceState,
  type SourceStatus,
  ToldStatus,
} from "./source-status.ts";

/** When published keys are asked for again, in seconds. Held against `contract/defaults.json`. */
export const keySetAges = {
  /** From this age on they are fetched again while they are still used. */
  refreshAfterSeconds: 300,
  /** From this age on a request waits for the new ones, unless the last fetch has failed. */
  maxAgeSeconds: 600,
  /** As long as they cannot be fetched, old ones serve until this age. */
  maxStaleSeconds: 3600,
  /** Between two fetches that an unknown `kid`, or a failure with keys at hand, may cause. */
  coolDownSeconds: 30,
  /** Between two fetches while there are no keys at all. */
  retrySeconds: 1,
} as const;

/** Seconds after which a fetch that was not heard of has ended: it has given up by itself long before. */
const lostAfterSeconds = 2 * keySetBounds.timeoutSeconds;

/** Where published keys come from. */
export interface RemoteKeySetOptions {
  readonly url: string;
  readonly fetch: FetchKeys;
  readonly clock: Clock;
  /** What it throws is ignored. */
  readonly onEvent?: ((event: KeySetEvent) => void) | undefined;
}

/**
 * Keys published at an address (RFC 7517 §5). All requests share one fetch, an unknown `kid` causes at most one per
 * cool-down, and keys at hand stay in use while the address cannot be reached.
 */
export function createRemoteKeySet({ url, fetch, clock, onEvent }: RemoteKeySetOptions): KeySet {
  let keys: readonly VerificationKey[] | undefined;
  let published = "";
  let generation = 0;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let unknownKidAt = Number.NEGATIVE_INFINITY;
  let failure: FetchFailure | undefined;
  const told = new ToldStatus();
  let underway: Promise<void> | undefined;

  async function load(): Promise<void> {
    try {
      triedAt = clock.now();
      const set = await fetchKeySet(url, fetch, clock);
      loadedAt = triedAt;
      keys = set.keys;
      if (set.text !== published) generation += 1;
      published = set.text;
      failure = undefined;
    } catch (error) {
      // What is at hand stays in use; without anything the lookup answers `unavailable`.
      failure = error instanceof KeySetError ? error.reason : faultFailure(error);
    }
    try {
      tellFailure();
      status();
    } catch {
      // A clock that throws has its say with the next request.
    }
  }

  function tell(event: KeySetEvent): void {
    try {
      onEvent?.(Object.freeze(event));
    } catch {
      // What listens cannot keep anybody waiting.
    }
  }

  function tellFailure(): void {
    const reason = told.newFailure(failure);
    if (reason !== undefined) tell({ name: "watchword.keys.failed", at: clock.now(), reason });
  }

  function status(): SourceStatus {
    const now = state();
    const entries = keys?.length ?? 0;
    if (told.isNewState(now)) tell({ name: "watchword.keys.state", at: clock.now(), state: now, entries });
    const lastAnswerAt = keys === undefined ? null : loadedAt;
    return { state: now, entries, lastAnswerAt, ...(failure !== undefined && { failure }) };
  }

  function state(): SourceState {
    if (keys === undefined) return "loading";
    const seconds = age();
    if (seconds < keySetAges.maxAgeSeconds) return "fresh";
    return seconds <= keySetAges.maxStaleSeconds ? "stale" : "refusing";
  }

  /** In Cloudflare's workerd a request that ends may take the fetch with it that others wait for. */
  function isUnderway(): boolean {
    return underway !== undefined && Math.abs(clock.now() - triedAt) <= lostAfterSeconds;
  }

  /** Never rejects. */
  function refresh(): Promise<void> {
    if (underway !== undefined && isUnderway()) return underway;
    const fetched = load().then(() => {
      if (underway === fetched) underway = undefined;
    });
    underway = fetched;
    return fetched;
  }

  /** The same, for no longer than a fetch may take. */
  function refreshed(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, lostAfterSeconds * 1000);
      void refresh().then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Seconds since the keys came; a clock that was set back makes them old. */
  function age(): number {
    const seconds = clock.now() - loadedAt;
    return seconds >= 0 ? seconds : Number.POSITIVE_INFINITY;
  }

  function usable(): readonly VerificationKey[] {
    if (keys === undefined || age() > keySetAges.maxStaleSeconds)
      throw new WatchwordError("unavailable", { variant: "keys" });
    return keys;
  }

  function lookUp(algorithm: KeyAlgorithm, kid: string | undefined): VerificationKey {
    const found = findKey(usable(), algorithm, kid);
    if (found === undefined) throw new WatchwordError("unknown_key");
    return found;
  }

  async function lookUpFetched(algorithm: KeyAlgorithm, kid: string | undefined): Promise<VerificationKey> {
    await refreshed();
    const found = findKey(usable(), algorithm, kid);
    if (found !== undefined) return found;
    unknownKidAt = triedAt;
    throw new WatchwordError("unknown_key");
  }

  function mayTry(coolDownSeconds: number): boolean {
    return isUnderway() || Math.abs(clock.now() - triedAt) >= coolDownSeconds;
  }

  return {
    get generation() {
      return generation;
    },
    isFresh: () => age() < keySetAges.maxAgeSeconds,
    status,
    find(algorithm, kid) {
      const seconds = age();
      const { refreshAfterSeconds, maxAgeSeconds, maxStaleSeconds, coolDownSeconds, retrySeconds } =
        keySetAges;
      if (keys === undefined || seconds > maxStaleSeconds) {
        return mayTry(retrySeconds) ? lookUpFetched(algorithm, kid) : lookUp(algorithm, kid);
      }
      const old = seconds >= maxAgeSeconds;
      if (old && failure === undefined) return lookUpFetched(algorithm, kid);
      if (seconds >= refreshAfterSeconds && mayTry(coolDownSeconds)) void refresh();
      const found = findKey(keys, algorithm, kid);
      if (found !== undefined) return found;
      // A fetch that is under way may bring the key: whoever asks meanwhile waits for it too.
      if (!isUnderway() && (old || Math.abs(clock.now() - unknownKidAt) < coolDownSeconds)) {
        throw new WatchwordError("unknown_key");
      }
      unknownKidAt = clock.now();
      return lookUpFetched(algorithm, kid);
    },
  };
}
