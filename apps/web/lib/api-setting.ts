import { audienceFromEnvironment, ConfigurationError } from "watchword";

/** How the browser reaches the API. */
export interface ApiSetting {
  /**
   * `direct`: the browser asks the API itself, with a token in its memory. `proxy`: it asks this application, which adds the token
   * on the server; the browser never holds one.
   */
  readonly mode: "direct" | "proxy";
  /** Where the browser sends its calls: the public address of the API, or the proxy's path on this application's own origin. */
  readonly browserUrl: string;
  /** Where this server reaches the API, without a slash at the end. */
  readonly serverUrl: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the proxy stands: the folder of its `route.ts`. */
export const proxyPath = "/api/bff";

/**
 * @param publicUrl address of the API as the browser sees it, which this server uses too unless `API_URL` says otherwise
 * @throws ConfigurationError with one sentence that says what to change
 */
export function apiSetting(env: Environment, publicUrl: string): ApiSetting {
  const mode = env["API_MODE"]?.trim() || "direct";
  if (mode !== "direct" && mode !== "proxy") {
    throw new ConfigurationError(
      "API_MODE must be direct, where the browser asks the API itself, or proxy, where this application asks for it.",
    );
  }
  if (mode === "direct") checkClearWay(publicUrl);
  return {
    mode,
    browserUrl: mode === "proxy" ? proxyPath : publicUrl,
    serverUrl: serverUrlFrom(env) ?? publicUrl,
  };
}

/** The browser sends no token in the clear to another machine, whatever `ALLOW_HTTP` says: every page would only fail. */
function checkClearWay(publicUrl: string): void {
  try {
    audienceFromEnvironment({ NODE_ENV: "production", NEXT_PUBLIC_API_URL: publicUrl });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(
      "NEXT_PUBLIC_API_URL is an http: address outside of this machine, to which no browser is given a token. Set API_MODE=proxy, or use https:.",
    );
  }
}

function serverUrlFrom(env: Environment): string | undefined {
  const text = env["API_URL"]?.trim();
  if (!text) return undefined;
  try {
    // The rules for public addresses: tokens go there.
    audienceFromEnvironment({ ...env, API_AUDIENCE: undefined, NEXT_PUBLIC_API_URL: text });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(error.message.replaceAll("NEXT_PUBLIC_API_URL", "API_URL"));
  }
  const url = new URL(text);
  if (url.search || url.hash) {
    throw new ConfigurationError("API_URL must not have a query or a fragment; end it with the path.");
  }
  return url.href.replace(/\/+$/, "");
}
