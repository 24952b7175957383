import type { Clock } from "../clock.ts";
import { abortError, untilAborted } from "./abort.ts";
import { NetworkError, ProblemError } from "./errors.ts";
import { payloadOf } from "./token-payload.ts";

/** An access token and how long it lives, as the token endpoint answers it. */
export interface TokenGrant {
  readonly token: string;
  /** Remaining life when the answer was written, in seconds. */
  readonly expiresIn: number;
  /** When the token expires, in epoch seconds of the server's clock. Used only together with `date`. */
  readonly expiresAt?: number;
  /** The `Date` header of the answer: the server's clock when it answered. */
  readonly date?: string | Date;
}

/** For what a token is fetched. */
export interface TokenCall {
  /** `X-Request-Id` of the call to the API that waits for it; absent where calls carry none. */
  readonly requestId?: string | undefined;
}

/** Fetches a token for the person who is signed in; `null` when nobody is. */
export type GetToken = (call: TokenCall) => Promise<TokenGrant | null>;

interface Lease {
  readonly token: string;
  /** `sub` of the token, where it can be read. */
  readonly subject: string | undefined;
  readonly obtainedAt: number;
  readonly refreshAt: number;
  readonly expiresAt: number;
  /** Fetched because the API had refused the one before. */
  readonly replacesRefused: boolean;
}

/** How long a token that was fetched after a refusal, and is refused as well, is not replaced again, in seconds. */
const REFUSAL_PAUSE_SECONDS = 10;

/** RFC 6750 §2.1, `b64token`. */
const BEARER_TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;

/**
 * Holds one access token in memory and replaces it in time.
 *
 * The deadline is counted from before the token request was sent, on `clock`, of which only differences are used: a
 * device whose clock is wrong by a day refreshes at the right moment. Parallel callers share one request.
 */
export class TokenSource {
  readonly #getToken: GetToken;
  readonly #clock: Clock;
  readonly #marginSeconds: number;
  #lease: Lease | null = null;
  #pending: Promise<Lease | null> | null = null;
  #tenure = new AbortController();
  /** Counts the changes of the session. */
  #generation = 0;
  /** Counts how often a token was forgotten. */
  #forgotten = 0;
  /** Of the last token. */
  #subject: string | undefined;

  constructor(getToken: GetToken, clock: Clock, marginSeconds: number) {
    this.#getToken = getToken;
    this.#clock = clock;
    this.#marginSeconds = marginSeconds;
  }

  /** Fires at the next {@link clear}: what began before it must not be retried with a token from after it. */
  get tenure(): AbortSignal {
    return this.#tenure.signal;
  }

  /**
   * The token to send now, or `null` when nobody is signed in. When it is near its end and a new one cannot be had,
   * the old one is used as long as it lives.
   *
   * @throws NetworkError, ProblemError when no token can be fetched
   * @throws AbortError when `signal` fires, the source is cleared, or the session becomes another user's while waiting
   */
  async current(signal?: AbortSignal | null, call: TokenCall = {}): Promise<string | null> {
    const lease = this.#lease;
    if (lease !== null && this.#clock.now() < lease.refreshAt) return lease.token;
    const tenure = this.tenure;
    const generation = this.#generation;
    const subject = this.#subject;
    try {
      const next = await untilAborted(this.#refresh(false, call), [signal, tenure]);
      const isOther = generation !== this.#generation && subject !== undefined && next?.subject !== subject;
      if (isOther && next !== null)
        throw abortError("The call was given up because another user has signed in.");
      return next?.token ?? null;
    } catch (error) {
      const interrupted = tenure.aborted || signal?.aborted === true || generation !== this.#generation;
      if (!interrupted && lease !== null && this.#clock.now() < lease.expiresAt) return lease.token;
      throw error;
    }
  }

  /**
   * Another token than the one the API has just refused, or `null` when there is none to be had: signed out, or a
   * token fetched for the same reason moments ago was refused too.
   *
   * @throws as {@link current}
   */
  async replacement(
    refused: string,
    signal?: AbortSignal | null,
    call: TokenCall = {},
  ): Promise<string | null> {
    const lease = this.#lease;
    if (lease !== null && lease.token !== refused) {
      return lease.subject === subjectOf(refused) ? this.current(signal, call) : null;
    }
    if (lease?.replacesRefused && this.#clock.now() < lease.obtainedAt + REFUSAL_PAUSE_SECONDS) return null;
    this.drop(refused);
    const next = await untilAborted(this.#refresh(true, call), [signal, this.tenure]);
    // What one user asked for is never sent as another.
    const isAnother = next !== null && next.token !== refused && next.subject === subjectOf(refused);
    return isAnother ? next.token : null;
  }

  /** Forgets the token if it is still this one. */
  drop(token: string): void {
    if (this.#lease?.token === token) this.#lease = null;
  }

  /**
   * The session has changed: forgets the token, and does not keep the one that is being fetched. Callers who wait for it get
   * the next one, if it is for the same user.
   */
  renew(): void {
    this.#lease = null;
    this.#generation += 1;
  }

  /** Has the next caller fetch a token. Callers who wait for one already still get that. */
  forget(): void {
    this.#lease = null;
    this.#pending = null;
    this.#forgotten += 1;
  }

  /** Forgets the token, and the one that is being fetched; callers who wait for it get an AbortError. */
  clear(): void {
    this.#lease = null;
    this.#pending = null;
    this.#subject = undefined;
    this.#tenure.abort(abortError("The call was given up because the token was cleared."));
    this.#tenure = new AbortController();
  }

  #refresh(replacesRefused: boolean, call: TokenCall): Promise<Lease | null> {
    if (this.#pending !== null) return this.#pending;
    const tenure = this.tenure;
    const forgotten = this.#forgotten;
    const pending = this.#fetchLatest(replacesRefused, call, tenure)
      .then((lease) => {
        if (tenure.aborted) return lease;
        this.#subject = lease?.subject;
        if (forgotten === this.#forgotten) this.#lease = lease;
        return lease;
      })
      .finally(() => {
        if (this.#pending === pending) this.#pending = null;
      });
    // Everyone who waits may have gone by the time it fails.
    pending.catch(() => {});
    this.#pending = pending;
    return pending;
  }

  /** A token of the session as it is when the answer is here. */
  async #fetchLatest(replacesRefused: boolean, call: TokenCall, tenure: AbortSignal): Promise<Lease | null> {
    for (;;) {
      const generation = this.#generation;
      const isLatest = () => generation === this.#generation || tenure.aborted;
      try {
        const lease = await this.#fetchLease(replacesRefused, call);
        if (isLatest()) return lease;
      } catch (error) {
        if (isLatest()) throw error;
      }
    }
  }

  async #fetchLease(replacesRefused: boolean, call: TokenCall): Promise<Lease | null> {
    const obtainedAt = this.#clock.now();
    const grant = await this.#fetchGrant(call);
    if (grant === null) return null;
    const life = remainingSeconds(grant);
    const expiresAt = obtainedAt + life;
    return {
      token: grant.token,
      subject: subjectOf(grant.token),
      obtainedAt,
      refreshAt: expiresAt - Math.min(this.#marginSeconds, life / 2),
      expiresAt,
      replacesRefused,
    };
  }

  async #fetchGrant(call: TokenCall): Promise<TokenGrant | null> {
    try {
      return await this.#getToken(call);
    } catch (cause) {
      if (cause instanceof ProblemError || cause instanceof NetworkError) throw cause;
      const message = "The access token could not be fetched. Check the connection and try again.";
      throw new NetworkError(message, { cause });
    }
  }
}

/** The smaller of what `expiresIn` says and what the server's own clock says. */
function remainingSeconds(grant: TokenGrant): number {
  if (!isGrant(grant)) throw new TypeError("getToken must resolve with { token, expiresIn }, or with null.");
  const { expiresIn, expiresAt, date } = grant;
  if (expiresAt === undefined || date === undefined) return expiresIn;
  const byServerClock = expiresAt - new Date(date).getTime() / 1000;
  return Number.isFinite(byServerClock) ? Math.min(expiresIn, byServerClock) : expiresIn;
}

function isGrant(grant: Partial<TokenGrant>): boolean {
  if (typeof grant !== "object" || typeof grant.token !== "string") return false;
  return BEARER_TOKEN.test(grant.token) && Number.isFinite(grant.expiresIn);
}

function subjectOf(token: string): string | undefined {
  const subject = payloadOf(token)?.["sub"];
  return typeof subject === "string" ? subject : undefined;
}
