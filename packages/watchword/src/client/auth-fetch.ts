import type { Clock } from "../clock.ts";
import { ConfigurationError } from "../errors.ts";
import { isAbortError, throwIfAborted } from "./abort.ts";
import { parseApiOrigin } from "./api-origin.ts";
import { deviceClock } from "./device-clock.ts";
import { NetworkError } from "./errors.ts";
import { type CallInit, type FetchInput, isRequest, OutgoingCall } from "./outgoing-call.ts";
import { type SessionClient, watchSession } from "./session-watch.ts";
import { type GetToken, type TokenCall, TokenSource } from "./token-source.ts";

/** Options of {@link createAuthFetch}. */
export interface AuthFetchOptions {
  /** Fetches a token for the person who is signed in, for example {@link fetchToken}; `null` when nobody is. */
  readonly getToken: GetToken;
  /**
   * Better Auth's client, the object that `createAuthClient()` gives: whatever changes the session drops the token, in this tab
   * and in the others. Without it call `clear()` yourself. With `watchwordClient()` among its plugins the token is dropped
   * before the request that changed the session resolves, otherwise 10 ms later.
   */
  readonly authClient?: SessionClient | undefined;
  /** The only origin that is ever sent the token, for example `https://api.example.com`. */
  readonly apiOrigin: string | URL;
  /** Lets `apiOrigin` be `http:` on another machine, such as a development machine in the local network. Default false. */
  readonly allowHttp?: boolean | undefined;
  /** How long before its end a token is replaced, in seconds. Default 30, at most half of the token's life. */
  readonly refreshMarginSeconds?: number;
  /**
   * Whether calls to the API carry an `X-Request-Id`, the caller's own or a new one, under which web application and API log
   * what one action asked of them; the token that is fetched for a call has the same. The API must allow the header in its
   * answer to a preflight. Default false.
   */
  readonly requestIds?: boolean;
  /** Where elapsed time comes from; only differences are used. Default: a clock that nobody can set. */
  readonly clock?: Clock;
  /** Sends the calls. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/** What `fetch` takes, and `auth: false` for a call that shall carry no token. */
export interface AuthFetchInit extends CallInit {
  readonly auth?: boolean;
}

/** A drop-in `fetch` that knows who is signed in. See {@link createAuthFetch}. */
export interface AuthFetch {
  /**
   * @returns the answer as `fetch` gives it, whatever its status
   * @throws NetworkError when no answer came back, ProblemError or NetworkError when no token could be fetched
   * @throws the signal's reason when the call was aborted; TypeError when `fetch` could not send it at all
   */
  (input: FetchInput, init?: AuthFetchInit): Promise<Response>;
  /**
   * Forgets the token, also one that is still on its way. Without `authClient` call it at sign-out and when another person
   * signs in. Calls that were waiting for a token end with an AbortError.
   */
  clear(): void;
}

/** Default of `refreshMarginSeconds`, in seconds (`contract/defaults.json`). */
const REFRESH_MARGIN_SECONDS = 30;

/**
 * Makes a `fetch` that sends `Authorization: Bearer …` (RFC 6750 §2.1) to one origin.
 *
 * The token is held in memory only, replaced shortly before it ends, and fetched once for parallel calls. After a 401
 * the call is sent once more with a new token, unless its body is a stream. A call to another origin, with `auth: false`
 * or with an `Authorization` header of its own is passed on unchanged. When nobody is signed in the call goes out
 * without a token and the API decides. When the session becomes another user's, a call that began before ends with an
 * AbortError rather than going out as that user.
 *
 * One instance is for one person: on a server, make one per request.
 *
 * @throws ConfigurationError when `apiOrigin` or `refreshMarginSeconds` cannot be right
 */
export function createAuthFetch(options: AuthFetchOptions): AuthFetch {
  const apiOrigin = parseApiOrigin(options.apiOrigin, options.allowHttp);
  const margin = options.refreshMarginSeconds ?? REFRESH_MARGIN_SECONDS;
  if (!Number.isFinite(margin) || margin < 0) {
    throw new ConfigurationError("refreshMarginSeconds must be a number of seconds, 0 or more.");
  }
  const source = new TokenSource(options.getToken, options.clock ?? deviceClock(), margin);
  const send: typeof globalThis.fetch = (...call) => (options.fetch ?? globalThis.fetch)(...call);

  async function authFetch(input: FetchInput, init: AuthFetchInit = {}): Promise<Response> {
    const { auth, rest } = withoutAuth(init);
    const call = new OutgoingCall(input, rest);
    throwIfAborted(call.signal);
    const bound = isApi(call.url, apiOrigin) && auth && !call.hasCredential;
    return bound ? authenticated(call) : reach(call, call.send(send, null, true));
  }

  async function authenticated(call: OutgoingCall): Promise<Response> {
    const tenure = source.tenure;
    const asked = options.requestIds ? { requestId: call.identify() } : {};
    const token = await source.current(call.signal, asked);
    const once = token === null || !call.repeatable;
    try {
      const response = await reach(call, call.send(send, token, once));
      if (token === null || response.status !== 401 || !answersFor(response, apiOrigin)) return response;
      if (once) source.drop(token);
      if (once || tenure.aborted) return response;
      return await again(call, response, token, asked);
    } finally {
      call.release();
    }
  }

  /** The one retry after a 401. Gives the refusal back when there is no other token. */
  async function again(
    call: OutgoingCall,
    refusal: Response,
    refused: string,
    asked: TokenCall,
  ): Promise<Response> {
    const token = await source.replacement(refused, call.signal, asked);
    if (token === null) return refusal;
    refusal.body?.cancel().catch(() => {});
    return reach(call, call.send(send, token, true));
  }

  if (options.authClient !== undefined) {
    const listener = { changed: () => source.renew(), mayHaveChanged: () => source.forget() };
    watchSession(options.authClient, listener);
  }
  return Object.assign(authFetch, { clear: () => source.clear() });
}

function withoutAuth(init: AuthFetchInit): { auth: boolean; rest: CallInit } {
  if (isRequest(init)) return { auth: true, rest: init };
  const { auth = true, ...rest } = init;
  return { auth, rest };
}

/** Also the scheme: `blob:https://api.example.com/…` has the API's origin and is no address of the API. */
function isApi(url: URL, apiOrigin: string): boolean {
  return url.origin === apiOrigin && (url.protocol === "https:" || url.protocol === "http:");
}

/** Whether the answer is the API's own, and not from where a redirect led. A made-up `Response` has no URL. */
function answersFor(response: Response, apiOrigin: string): boolean {
  return response.url === "" || isApi(new URL(response.url), apiOrigin);
}

async function reach(call: OutgoingCall, sent: Promise<Response>): Promise<Response> {
  try {
    return await sent;
  } catch (cause) {
    throwIfAborted(call.signal);
    if (isAbortError(cause)) throw cause;
    throw new NetworkError(`Could not reach ${call.url.origin}. Check the connection and try again.`, {
      cause,
    });
  }
}
