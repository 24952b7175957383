import type { IncomingMessage, ServerResponse } from "node:http";
import type { Context } from "hono";
import type { AuthVariables } from "watchword/hono";

/** What the server hands to the application beside the request itself. */
export interface ServerBindings {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
  /** Set when the request as received is refused, whatever its normalised form says. */
  refusedAs: "not_found" | "malformed_request" | undefined;
}

/** Hono's environment throughout this application. */
export interface ApiEnvironment {
  Bindings: ServerBindings;
  Variables: AuthVariables & {
    requestId: string;
    /** The refusal code that the request log names. */
    refusal?: string;
  };
}

/** The bindings, none of which is there when the application runs without a server. */
export function serverBindings(c: Context<ApiEnvironment>): Partial<ServerBindings> {
  const bindings: ServerBindings | undefined = c.env;
  return bindings ?? {};
}
