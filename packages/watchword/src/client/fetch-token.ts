import { requestIdHeader } from "../request-id.ts";
import { resolveUrl } from "./api-origin.ts";
import { errorFromResponse, NetworkError } from "./errors.ts";
import { payloadOf } from "./token-payload.ts";
import type { GetToken, TokenCall, TokenGrant } from "./token-source.ts";

/** Options of {@link fetchToken}. */
export interface FetchTokenOptions {
  /** Sends the request. Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * A ready `getToken`: asks the token endpoint with the session cookie, for example `fetchToken("/api/auth/token")`.
 *
 * A 401 means that nobody is signed in, and gives `null`. An answer that holds the token alone, as that of Better Auth's own
 * `jwt()`, gets its life from `iat` and `exp` of the token.
 *
 * @throws (from the returned function) ProblemError for another error status, NetworkError when no answer came back
 */
export function fetchToken(
  url: string | URL,
  options: FetchTokenOptions = {},
): (call?: TokenCall) => ReturnType<GetToken> {
  return async ({ requestId } = {}) => {
    const endpoint = resolveUrl(url);
    const headers = requestId === undefined ? undefined : { [requestIdHeader]: requestId };
    const response = await ask(endpoint, headers, options.fetch ?? globalThis.fetch);
    if (response.status === 401) return null;
    if (!response.ok) throw await errorFromResponse(response);
    const answer = (await response.json()) as TokenGrant;
    const grant = { ...lifeOf(answer), ...answer };
    const date = response.headers.get("date");
    return date === null ? grant : { ...grant, date };
  };
}

/** Nothing for what cannot be read: then the answer must say how long the token lives. */
function lifeOf({ token, expiresIn }: Partial<TokenGrant>): Partial<TokenGrant> {
  if (expiresIn !== undefined || typeof token !== "string") return {};
  const { iat, exp } = payloadOf(token) ?? {};
  return typeof iat === "number" && typeof exp === "number" ? { expiresIn: exp - iat, expiresAt: exp } : {};
}

async function ask(
  endpoint: URL,
  headers: Record<string, string> | undefined,
  fetch: typeof globalThis.fetch,
): Promise<Response> {
  try {
    return await fetch(endpoint, { credentials: "include", cache: "no-store", ...(headers && { headers }) });
  } catch (cause) {
    const message = `Could not reach ${endpoint.origin}. Check the connection and try again.`;
    throw new NetworkError(message, { cause });
  }
}
