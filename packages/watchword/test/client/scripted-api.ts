import {
  type AuthFetch,
  type AuthFetchOptions,
  createApiClient,
  createAuthFetch,
  type TokenGrant,
} from "../../src/client/index.ts";
import { type AdjustableClock, fixedClock } from "../../src/testing/fixed-clock.ts";

export const apiOrigin = "https://api.test";

/** Something that is settled by the test, when the test wants it. */
export function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

/** Lets everything that is ready to run do so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export interface Scripted {
  readonly authFetch: AuthFetch;
  /** The same calls by `createApiClient`, with typed errors. */
  readonly request: AuthFetch;
  readonly clock: AdjustableClock;
  /** The tokens that were sent, in order; `null` for a call without one. */
  readonly sent: (string | null)[];
  /** How many times a token was asked for. */
  readonly asked: () => number;
}

export interface Script extends Partial<AuthFetchOptions> {
  /** The grant for the nth request for a token, from 1. Default: `t1`, `t2`, … of 900 seconds. */
  readonly grant?: (nth: number) => TokenGrant | null | Promise<TokenGrant | null>;
  /** The API's answer to a call with this token. Default 200. */
  readonly answer?: (token: string | null, request: Request) => Response | Promise<Response>;
}

/** An `authFetch` over an API and a token endpoint that a test scripts. */
export function scripted({ grant, answer, ...options }: Script = {}): Scripted {
  const sent: (string | null)[] = [];
  let asked = 0;
  const clock = fixedClock(0);
  const complete = {
    clock,
    getToken: async () => {
      asked += 1;
      return grant ? grant(asked) : { token: `t${asked}`, expiresIn: 900 };
    },
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      const token = request.headers.get("authorization")?.replace("Bearer ", "") ?? null;
      sent.push(token);
      return answer ? answer(token, request) : new Response("ok");
    },
    ...options,
  } satisfies Omit<AuthFetchOptions, "apiOrigin">;
  const authFetch = createAuthFetch({ apiOrigin, ...complete });
  const { request } = createApiClient({ baseUrl: apiOrigin, ...complete });
  return { authFetch, request, clock, sent, asked: () => asked };
}

export function problem(status: number, code: string, detail: string): Response {
  const body = { type: `urn:watchword:error:${code}`, title: "Refused", status, detail, code };
  return Response.json(body, { status, headers: { "content-type": "application/problem+json" } });
}

export function unauthorized(): Response {
  return problem(401, "expired", "Token has expired.");
}
