import type { Verification } from "./verification.ts";

/** What a request carries: the session's cookie, one token, nothing, or more than one credential. */
export type Credential = "session" | "token" | "none" | "several";

/** What came back. No token is ever part of it. */
export interface RoadAnswer {
  /** 0 when no answer came back. */
  readonly status: number;
  /** The `code` of a problem document. */
  readonly code: string | undefined;
  /** The web application refused by itself: the API did not decide. */
  readonly byProxy: boolean;
  readonly requestId: string | undefined;
  readonly milliseconds: number;
  readonly verification: Verification | undefined;
  /** `jti` of the token that was given out, and its remaining life in seconds. */
  readonly issued: { readonly tokenId: string; readonly lifeSeconds: number } | undefined;
}

/** One request on its way, or answered. */
export interface RoadEvent {
  readonly id: number;
  /** Whether the web application is asked for a token, or the API for something. */
  readonly kind: "token" | "call";
  /** When it was sent, in epoch milliseconds of this device. */
  readonly at: number;
  readonly method: string;
  /** The address with placeholders, such as `/api/{user_id}/tasks`. */
  readonly route: string;
  readonly credential: Credential;
  /** `jti` of the token that went along: enough to tell tokens apart, nothing to sign in with. */
  readonly tokenId: string | undefined;
  /** Absent while the request is on its way. */
  readonly answer: RoadAnswer | undefined;
}

/** How many requests are kept. */
const capacity = 40;

/** The last requests of this page, newest first. In memory only, and without any token. */
export class RoadLog {
  #events: readonly RoadEvent[] = [];
  #nextId = 1;
  readonly #listeners = new Set<() => void>();

  /** Notes that a request is sent. @returns what notes its answer */
  begin(event: Omit<RoadEvent, "id" | "answer">): (answer: RoadAnswer) => void {
    const id = this.#nextId++;
    this.#set([{ ...event, id, answer: undefined }, ...this.#events].slice(0, capacity));
    return (answer) =>
      this.#set(this.#events.map((one) => (one.id === id && !one.answer ? { ...one, answer } : one)));
  }

  clear(): void {
    this.#set([]);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The same list until something happens, as `useSyncExternalStore` wants it. */
  readonly events = (): readonly RoadEvent[] => this.#events;

  #set(events: readonly RoadEvent[]): void {
    this.#events = events;
    for (const listener of this.#listeners) listener();
  }
}
