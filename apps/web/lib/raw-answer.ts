import { NetworkError } from "watchword/client";

/** An HTTP exchange as it happened, to be shown. */
export interface RawAnswer {
  readonly method: "GET";
  readonly url: string;
  readonly status: number;
  /** The `code` of a problem document. */
  readonly code: string | undefined;
  readonly requestId: string | undefined;
  /** The body; JSON is indented. */
  readonly body: string;
}

/**
 * Sends one GET with this `Authorization` header, or without any, whatever the answer will be.
 * @throws NetworkError when none came back.
 */
export async function ask(
  url: string,
  authorization: string | undefined,
  fetch: typeof globalThis.fetch,
): Promise<RawAnswer> {
  const response = await fetch(url, {
    headers: authorization === undefined ? {} : { Authorization: authorization },
    cache: "no-store",
  }).catch((cause: unknown) => {
    throw new NetworkError("The API did not answer. Check that it is running, then try again.", { cause });
  });
  const text = await response.text();
  const json = parseJson(text);
  return {
    method: "GET",
    url,
    status: response.status,
    code: codeOf(json),
    requestId: response.headers.get("x-request-id") ?? undefined,
    body: json === undefined ? text : JSON.stringify(json, null, 2),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(json: unknown): string | undefined {
  if (typeof json !== "object" || json === null || !("code" in json)) return undefined;
  return typeof json.code === "string" ? json.code : undefined;
}
