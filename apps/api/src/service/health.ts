import { z } from "@hono/zod-openapi";
import type { RevocationFeed } from "watchword";
import type { Database } from "../database/open.ts";
import { unavailable } from "../http/api-problem.ts";
import { type Api, addOperation, jsonResponse, problems } from "../http/operations.ts";

const Health = z.object({ status: constant("ok") }).openapi("Health");
const Readiness = z
  .object({ status: constant("ready"), revocation: z.enum(["none", "fresh", "stale"]) })
  .openapi("Readiness");

/**
 * `/health` says that the process runs; `/ready` that its database answers, and that it knows what was revoked.
 *
 * @param revocation the feed; absent where it is switched off.
 */
export function addHealthRoutes(
  api: Api,
  database: Database,
  revocation?: Pick<RevocationFeed, "status">,
): void {
  addOperation(
    api,
    {
      method: "get",
      path: "/health",
      operationId: "getHealth",
      tags: ["service"],
      responses: { 200: jsonResponse("The process runs", Health) },
    },
    [],
    (c) => c.json({ status: "ok" }),
  );

  addOperation(
    api,
    {
      method: "get",
      path: "/ready",
      operationId: "getReadiness",
      tags: ["service"],
      responses: { 200: jsonResponse("The service can answer", Readiness), ...problems(503) },
    },
    [],
    async (c) => {
      try {
        await database.ping();
      } catch (cause) {
        throw unavailable(cause);
      }
      const state = revocation?.status().state ?? "none";
      if (state === "loading" || state === "refusing") throw unavailable();
      return c.json({ status: "ready", revocation: state });
    },
  );
}

/** One text and no other; as `const` rather than as an `enum` of one. */
function constant(value: string) {
  const keywords = { type: "string" as const, const: value };
  return z.string().openapi(keywords);
}
