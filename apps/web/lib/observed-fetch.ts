import { isProxied } from "./browser-fetch.ts";
import { decodeUnverified } from "./decode-token.ts";
import { pathTemplate } from "./path-template.ts";
import type { Credential, RoadAnswer, RoadLog } from "./road-log.ts";
import { verificationIn } from "./verification.ts";

/** The address at which the web application gives out tokens. */
const tokenPath = "/api/auth/token";

/** What the type of each problem document of the proxy's own begins with. */
const proxyTypes = "urn:watchword:proxy:";

interface ObservedFetchOptions {
  readonly log: RoadLog;
  /** Public address of the API, or the proxy's path on this origin. */
  readonly apiUrl: string;
  readonly userId: string;
}

/** A `fetch` that notes in the log what is sent and what comes back, and changes neither. */
export function observedFetch({ log, apiUrl, userId }: ObservedFetchOptions): typeof globalThis.fetch {
  return async (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const path = pathBehind(apiUrl, request?.url ?? String(input));
    const kind = path === tokenPath ? "token" : "call";
    const authorization = new Headers(init?.headers ?? request?.headers).get("authorization");
    const start = performance.now();
    const answered = log.begin({
      kind,
      at: Date.now(),
      method: init?.method ?? request?.method ?? "GET",
      route: pathTemplate(path, userId),
      credential: kind === "token" || isProxied(apiUrl) ? "session" : credentialIn(authorization),
      tokenId: tokenIdIn(authorization?.replace(/^bearer +/i, "")),
    });
    try {
      const response = await globalThis.fetch(input, init);
      const milliseconds = performance.now() - start;
      void answerOf(response, kind, milliseconds).then(answered);
      return response;
    } catch (error) {
      answered({ ...nothing, status: 0, milliseconds: performance.now() - start });
      throw error;
    }
  };
}

/** The path of an address without that of the API before it, and without a query. */
function pathBehind(apiUrl: string, url: string): string {
  const page = globalThis.location?.href;
  const { origin, pathname } = new URL(url, page);
  const api = new URL(apiUrl, page);
  const base = api.pathname.replace(/\/$/, "");
  return origin === api.origin && pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname;
}

const nothing = {
  code: undefined,
  byProxy: false,
  requestId: undefined,
  verification: undefined,
  issued: undefined,
};

async function answerOf(
  response: Response,
  kind: "token" | "call",
  milliseconds: number,
): Promise<RoadAnswer> {
  const { status, headers } = response;
  // Only refusals and tokens are looked into: a list may be long, and a stream of events never ends.
  const read = status >= 400 || (kind === "token" && status === 200);
  const body: unknown = read
    ? await response
        .clone()
        .json()
        .catch(() => undefined)
    : undefined;
  return {
    status,
    code: status >= 400 ? textMember(body, "code") : undefined,
    byProxy: textMember(body, "type")?.startsWith(proxyTypes) ?? false,
    requestId: headers.get("x-request-id") ?? undefined,
    milliseconds,
    verification: verificationIn(headers.get("server-timing")),
    issued: issuedIn(body),
  };
}

function issuedIn(body: unknown): RoadAnswer["issued"] {
  const tokenId = tokenIdIn(textMember(body, "token"));
  const { expiresIn } = (body ?? {}) as { expiresIn?: unknown };
  return tokenId && typeof expiresIn === "number" ? { tokenId, lifeSeconds: expiresIn } : undefined;
}

/** One header field holds several credentials when they are joined by a comma (RFC 9110 §5.3). */
function credentialIn(authorization: string | null): Credential {
  if (authorization === null) return "none";
  return authorization.includes(",") ? "several" : "token";
}

function tokenIdIn(token: string | undefined): string | undefined {
  if (!token) return undefined;
  try {
    return textMember(decodeUnverified(token).payload, "jti");
  } catch {
    return undefined;
  }
}

function textMember(value: unknown, name: string): string | undefined {
  const member = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  return typeof member === "string" ? member : undefined;
}
