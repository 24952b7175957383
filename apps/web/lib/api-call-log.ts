import { codeOf } from "./error-code.ts";
import { log } from "./log.ts";

export interface ApiCall {
  /** `undefined` for a call in nobody's name. */
  readonly userId: string | undefined;
  readonly requestId: string;
  readonly method: string;
}

/** One line for each call of this server, as the proxy writes one for each call of a browser. */
export async function loggedCall(
  { userId, requestId, method }: ApiCall,
  send: () => Promise<Response>,
): Promise<Response> {
  const begin = performance.now();
  const tell = (severity: "INFO" | "WARN", status?: number, fault?: string) =>
    log(severity, "watchword.api.called", {
      "http.request.id": requestId,
      "http.request.method": method,
      "http.response.status_code": status,
      "http.client.request.duration": Math.round((performance.now() - begin) * 1000) / 1_000_000,
      "error.type": fault,
      "user.id": userId,
    });
  try {
    const answer = await send();
    tell(answer.ok ? "INFO" : "WARN", answer.status);
    return answer;
  } catch (error) {
    tell("WARN", undefined, faultOf(error));
    throw error;
  }
}

/** `fetch` says why in the cause; a call that took too long is a `TimeoutError`. */
function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return error.cause === undefined ? error.name : codeOf(error.cause);
}
