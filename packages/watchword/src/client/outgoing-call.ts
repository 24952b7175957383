import { requestIdFrom, requestIdHeader } from "../request-id.ts";
import { resolveUrl } from "./api-origin.ts";

/** What `fetch` is asked for. Without the DOM library of TypeScript there is no `RequestInfo`. */
export type FetchInput = string | URL | Request;

/** What `fetch` takes. `duplex` is how a streamed body is sent (Fetch standard, `RequestDuplex`). */
export interface CallInit extends RequestInit {
  duplex?: "half";
}

/**
 * One call as it was asked for, able to be sent once more with another token.
 *
 * Everything is left to the platform's `fetch` except the `Authorization` header: bodies are handed on as they are.
 * A body that can be read only once (`ReadableStream`, async iterable) makes the call not {@link repeatable}; a
 * `Request` is cloned for the first attempt, so its body is held in memory until the answer is here.
 */
export class OutgoingCall {
  readonly url: URL;
  readonly signal: AbortSignal | null | undefined;
  /** Whether it can be sent a second time. */
  readonly repeatable: boolean;
  readonly #request: Request | null;
  readonly #init: CallInit;
  readonly #headers: Headers;

  /** @throws TypeError for anything that `fetch` refuses to send, for example a `GET` with a body */
  constructor(input: FetchInput, init: CallInit) {
    const request = requestOf(input, init);
    const own = isRequest(init) ? {} : init;
    const body = own.body ?? null;
    const streams = isReadOnce(body);
    this.url = request === null ? resolveUrl(input as string | URL) : new URL(request.url);
    this.signal = own.signal === undefined ? request?.signal : own.signal;
    this.repeatable = !streams;
    this.#request = request;
    this.#init = streams ? { duplex: "half", ...own } : own;
    this.#headers = new Headers(own.headers ?? request?.headers);
    checkSendable(this.url, request, this.#init);
  }

  /** Gives the call its `X-Request-Id`: the caller's own when it may stand in a log, otherwise a new one. */
  identify(): string {
    const id = requestIdFrom(this.#headers.get(requestIdHeader));
    this.#headers.set(requestIdHeader, id);
    return id;
  }

  /** The caller's own `Authorization` header stays as it is. */
  get hasCredential(): boolean {
    return this.#headers.has("authorization");
  }

  /**
   * Sends the call.
   *
   * @param token goes into the `Authorization` header; `null` adds none
   * @param last that it will not be sent again, so that the body need not be kept
   */
  send(fetch: typeof globalThis.fetch, token: string | null, last: boolean): Promise<Response> {
    const headers = new Headers(this.#headers);
    if (token !== null) headers.set("authorization", `Bearer ${token}`);
    const target = this.#request === null ? this.url.href : last ? this.#request : this.#request.clone();
    return fetch(target, { ...this.#init, headers });
  }

  /** Lets go of a body that was kept for a second attempt. Like after `fetch`, the `Request` is then used up. */
  release(): void {
    const request = this.#request;
    if (request?.body && !request.bodyUsed) request.body.cancel().catch(() => {});
  }
}

/** Some platforms have no `Request` (they have no need of one: `fetch` takes an address). */
export function isRequest(value: unknown): value is Request {
  return typeof Request === "function" && value instanceof Request;
}

function requestOf(input: FetchInput, init: CallInit): Request | null {
  // `fetch(url, request)`: members of a Request are read from its prototype and do not survive a copy.
  if (isRequest(init)) return new Request(isRequest(input) ? input : resolveUrl(input), init);
  return isRequest(input) ? input : null;
}

function isReadOnce(body: BodyInit | null): boolean {
  return typeof body === "object" && body !== null && ("getReader" in body || Symbol.asyncIterator in body);
}

/** Lets the platform say what it would say, before a token is asked for and without touching the body. */
function checkSendable(url: URL, request: Request | null, init: CallInit): void {
  const ownBody = init.body !== undefined && init.body !== null;
  if (request?.bodyUsed && !ownBody)
    throw new TypeError("The Request has been used: its body cannot be read again.");
  if (typeof Request !== "function") return;
  const method = init.method ?? request?.method ?? "GET";
  new Request(url, { ...init, method, signal: null, ...(ownBody ? { body: "" } : {}) });
}
