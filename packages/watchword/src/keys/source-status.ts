/**
 * `loading`: it was never complete. `fresh`: it is at most as old as it may be. `stale`: older, and still used.
 * `refusing`: too old to be used.
 */
export type SourceState = "loading" | "fresh" | "stale" | "refusing";

/**
 * Why a request to the issuer failed: `status_<n>` for an HTTP status other than 200, `redirect` for one that points
 * elsewhere, or without an HTTP answer that can be read.
 */
export type FetchFailure = `status_${number}` | "redirect" | "unreachable" | "timeout" | "malformed";

/** How what is fetched from the issuer is doing: the published keys, or the list of revocations. */
export interface SourceStatus {
  readonly state: SourceState;
  /** How many keys, or revocations, are known. */
  readonly entries: number;
  /** When the issuer last told all there was, by this machine's clock: seconds since 1970. */
  readonly lastAnswerAt: number | null;
  /** Why the last request failed; absent where it did not. */
  readonly failure?: FetchFailure;
}

const redirects: readonly number[] = [301, 302, 303, 307, 308];

/** What an HTTP status other than 200 stands for. */
export function statusFailure(status: number): FetchFailure {
  // Browsers say 0 of a redirect that they were told not to follow.
  return redirects.includes(status) || status === 0 ? "redirect" : `status_${status}`;
}

/** What a request that ended without an HTTP answer stands for. */
export function faultFailure(fault: unknown): FetchFailure {
  return fault instanceof Error && fault.name === "TimeoutError" ? "timeout" : "unreachable";
}

/** What of a source was told already, so that each change is told once. */
export class ToldStatus {
  #state: SourceState = "loading";
  #failure: FetchFailure | undefined;
  #recovered = false;

  /** @returns the failure where it is another one than before. */
  newFailure(failure: FetchFailure | undefined): FetchFailure | undefined {
    const known = this.#failure;
    this.#failure = failure;
    if (known !== undefined && failure === undefined) this.#recovered = true;
    return failure === known ? undefined : failure;
  }

  /** @returns whether the state is another one than before, or fresh again after a failure. */
  isNewState(state: SourceState): boolean {
    const isNew = state !== this.#state || (this.#recovered && state === "fresh");
    this.#state = state;
    if (isNew) this.#recovered = false;
    return isNew;
  }
}
