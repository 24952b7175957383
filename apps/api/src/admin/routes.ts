import type { MiddlewareHandler } from "hono";
import type { Database } from "../database/open.ts";
import { type Api, addOperation, jsonResponse, problems } from "../http/operations.ts";
import { validateQuery } from "../http/violations.ts";
import type { Log } from "../log.ts";
import { listUsers } from "./repository.ts";
import { UserList, UserQuery } from "./schemas.ts";

export interface AdminRoutesOptions {
  database: Database;
  log: Log;
  /** Steps before each operation: they authenticate the caller and ask for the role. */
  admin: MiddlewareHandler[];
}

/** What reads the rows of all users; each use is a line of the log. */
export function addAdminRoutes(api: Api, { database, log, admin }: AdminRoutesOptions): void {
  addOperation(
    api,
    {
      tags: ["admin"],
      security: [{ bearerAuth: [] }],
      method: "get",
      path: "/api/v1/admin/users",
      operationId: "listUsers",
      request: { query: UserQuery },
      responses: {
        200: jsonResponse("The profiles of all users", UserList),
        ...problems(400, 401, 403, 422, 429, 503),
      },
    },
    admin,
    async (c) => {
      const query = validateQuery(UserQuery, c.req.url);
      const [requestId, { userId }] = [c.get("requestId"), c.get("identity")];
      log.info("watchword.admin.read", { "http.request.id": requestId, "user.id": userId });
      return c.json(await database.owned.readingAllOwners((all) => listUsers(all, query)));
    },
  );
}
