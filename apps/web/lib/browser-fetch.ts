import {
  type AuthFetch,
  AuthorizationError,
  createApiClient,
  createProxyFetch,
  type GetToken,
} from "watchword/client";
import { authClient } from "./auth-client.ts";

interface BrowserFetchOptions {
  /** Public address of the API, or the proxy's path on this origin. */
  readonly apiUrl: string;
  /** For whom the page was made. */
  readonly userId: string;
  /** Fetches a token of that user; the proxy needs none. */
  readonly getToken: GetToken;
  /** The browser's session has become another user's, in another tab: this page belongs to nobody any more. */
  readonly onOtherUser: () => void;
  readonly fetch: typeof globalThis.fetch;
}

/** An address without an origin is the proxy's: the token is added on the server, and the browser has none. */
export const isProxied = (apiUrl: string): apiUrl is `/${string}` => apiUrl.startsWith("/");

/** Sends the calls of a signed-in user, with a token in memory or by the proxy. Both reject with the same typed errors. */
export function browserFetch({
  apiUrl,
  userId,
  getToken,
  onOtherUser,
  fetch,
}: BrowserFetchOptions): AuthFetch {
  if (!isProxied(apiUrl)) {
    return createApiClient({ baseUrl: apiUrl, authClient, getToken, fetch, requestIds: true }).request;
  }
  const { request, clear } = createApiClient({ baseUrl: apiUrl, userId, fetch });
  const watched = async (...call: Parameters<AuthFetch>) => {
    try {
      return await request(...call);
    } catch (error) {
      if (error instanceof AuthorizationError && error.problem.code === "wrong_subject") onOtherUser();
      throw error;
    }
  };
  return Object.assign(watched, { clear });
}

/**
 * Sends requests whose refusals are looked at: nothing is retried. What goes to the proxy gets its token there, as ever; what
 * goes to the API carries what it is given.
 */
export function askingFetch({
  apiUrl,
  userId,
  fetch,
}: Pick<BrowserFetchOptions, "apiUrl" | "userId" | "fetch">): typeof globalThis.fetch {
  return isProxied(apiUrl) ? createProxyFetch({ path: apiUrl, userId, fetch }) : fetch;
}

/** Sends the calls of a visitor: none carries a token. */
export function visitorFetch(apiUrl: string): AuthFetch {
  const options = isProxied(apiUrl) ? { baseUrl: apiUrl } : { baseUrl: apiUrl, getToken: async () => null };
  return createApiClient(options).request;
}
