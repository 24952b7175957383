import type { RoadEvent } from "../../lib/road-log.ts";

/**
 * The name of the event that a server has written into its audit trail for a request; `undefined` for what is no more to it than a
 * request.
 */
export function auditEventOf({ kind, credential, answer }: RoadEvent): string | undefined {
  if (!answer || answer.status === 0) return undefined;
  const { status, code, issued, byProxy } = answer;
  if (kind === "token") return issued && "watchword.token.issued";
  if (credential === "session") return byProxy ? "watchword.proxy.refused" : "watchword.proxy.forwarded";
  if ((status === 401 && code !== "missing") || code === "ambiguous_credentials")
    return "watchword.request.refused";
  return status === 403 ? "watchword.request.denied" : undefined;
}
