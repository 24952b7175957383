import { ConfigurationError } from "../errors.ts";
import { throwIfAborted } from "./abort.ts";
import { type AuthFetch, type AuthFetchInit, type AuthFetchOptions, createAuthFetch } from "./auth-fetch.ts";
import { errorFromResponse, ProblemError } from "./errors.ts";
import { type FetchInput, isRequest } from "./outgoing-call.ts";
import { createProxyFetch } from "./proxy-fetch.ts";

/** Options of {@link createApiClient}: those of `createAuthFetch`, or of `createProxyFetch` where `baseUrl` is a path. */
export type ApiClientOptions = DirectOptions | ProxiedOptions;

interface DirectOptions extends Omit<AuthFetchOptions, "apiOrigin"> {
  /** Address of the API, for example `https://api.example.com`; a path in it goes before every path. */
  readonly baseUrl: string | URL;
}

interface ProxiedOptions {
  /** Where the proxy stands on this page's own origin, for example `/api/bff`. */
  readonly baseUrl: `/${string}`;
  /** For whom the page was made. */
  readonly userId?: string;
  /** Sends the calls. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/** What goes with one call. */
export interface ApiCallOptions {
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  readonly signal?: AbortSignal | null;
}

/** The API as an object. See {@link createApiClient}. */
export interface ApiClient {
  get<T>(path: string, options?: ApiCallOptions): Promise<T>;
  post<T>(path: string, body?: unknown, options?: ApiCallOptions): Promise<T>;
  put<T>(path: string, body?: unknown, options?: ApiCallOptions): Promise<T>;
  patch<T>(path: string, body?: unknown, options?: ApiCallOptions): Promise<T>;
  delete<T>(path: string, options?: ApiCallOptions): Promise<T>;
  /** As `fetch`, with a whole address, except that an answer from 400 up is thrown. */
  request: AuthFetch;
  /** Forgets the token. See `AuthFetch.clear`. */
  clear(): void;
}

/**
 * Calls to one API that resolve with parsed JSON, and with `undefined` for an answer without a body (204).
 *
 * They reject with AuthenticationError for 401, AuthorizationError for 403, NotFoundError for 404, ProblemError for any other
 * status from 400 up and for an answer that is no JSON, NetworkError when no answer came back, and the signal's reason when
 * the call was aborted.
 *
 * @throws ConfigurationError as `createAuthFetch` and `createProxyFetch`
 * @example
 * const api = createApiClient({ baseUrl: "https://api.example.com", authClient, getToken: fetchToken("/api/auth/token") });
 * const task = await api.post<Task>("/api/tasks", { title: "Buy milk" });
 */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const authFetch = fetchOf(options);
  const base = String(options.baseUrl).replace(/\/$/, "");
  /** Always one slash between the two: `https://api.test` and `.evil.test` would be another host. */
  const addressOf = (path: string, query: string) =>
    `${base}/${path.replace(/^\//, "")}${query && path.includes("?") ? `&${query.slice(1)}` : query}`;

  async function request(input: FetchInput, init: AuthFetchInit = {}): Promise<Response> {
    const response = await authFetch(input, init);
    if (response.status < 400) return response;
    const error = await errorFromResponse(response);
    throwIfAborted(init.signal === undefined && isRequest(input) ? input.signal : init.signal);
    throw error;
  }

  async function call<T>(
    method: string,
    path: string,
    body: unknown,
    options: ApiCallOptions = {},
  ): Promise<T> {
    const headers = new Headers(options.headers);
    if (!headers.has("accept")) headers.set("accept", "application/json");
    if (body !== undefined && !headers.has("content-type")) headers.set("content-type", "application/json");
    const response = await request(addressOf(path, queryOf(options.query)), {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(options.signal && { signal: options.signal }),
    });
    return (await bodyOf(response)) as T;
  }

  return {
    get: (path, given) => call("GET", path, undefined, given),
    post: (path, body, given) => call("POST", path, body, given),
    put: (path, body, given) => call("PUT", path, body, given),
    patch: (path, body, given) => call("PATCH", path, body, given),
    delete: (path, given) => call("DELETE", path, undefined, given),
    request: Object.assign(request, { clear: authFetch.clear }),
    clear: authFetch.clear,
  };
}

function fetchOf(options: ApiClientOptions): AuthFetch {
  if (isProxied(options)) {
    const { baseUrl, ...rest } = options;
    return createProxyFetch({ path: baseUrl.replace(/\/$/, ""), ...rest });
  }
  const { baseUrl, ...rest } = options;
  return createAuthFetch({ apiOrigin: originOf(baseUrl), ...rest });
}

/** @throws ConfigurationError for what no path can follow */
function originOf(baseUrl: string | URL): string {
  const url = parse(baseUrl);
  if (url === undefined || url.username !== "" || url.password !== "" || /[?#]/.test(String(baseUrl))) {
    throw new ConfigurationError(
      "baseUrl must be an address such as https://api.example.com/v1, without a user name, a query or a fragment.",
    );
  }
  return url.origin;
}

function parse(url: string | URL): URL | undefined {
  try {
    return new URL(url);
  } catch {
    return undefined;
  }
}

function isProxied(options: ApiClientOptions): options is ProxiedOptions {
  return typeof options.baseUrl === "string" && options.baseUrl.startsWith("/");
}

function queryOf(query: ApiCallOptions["query"] = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.clone().text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    const detail = "The service answered with something that is not JSON. Check its address.";
    const problem = { type: "about:blank", title: "Not JSON", status: response.status, detail };
    throw new ProblemError(problem, response);
  }
}
