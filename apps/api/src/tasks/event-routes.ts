import { z } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { serverBindings } from "../http/environment.ts";
import { type Api, addOperation, problems, refuseOtherMethodsOf } from "../http/operations.ts";
import type { TaskWatchers } from "./watchers.ts";

const path = "/api/{user_id}/tasks/events";
const eventStream = { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" };

export interface EventRoutesOptions {
  watchers: TaskWatchers;
  /** Steps before the operation: they authenticate the caller and compare the URL's user with it. */
  owner: MiddlewareHandler[];
}

/** The changes of one user's tasks as they happen. It is added before the tasks by id, whose path would match it too. */
export function addEventRoutes(api: Api, { watchers, owner }: EventRoutesOptions): void {
  addOperation(
    api,
    {
      tags: ["tasks"],
      security: [{ bearerAuth: [] }],
      method: "get",
      path,
      operationId: "watchTasks",
      request: {
        params: z.object({ user_id: z.string() }),
        headers: z.object({ "Last-Event-ID": z.string().optional() }),
      },
      responses: {
        200: {
          description: "The changes of the user's tasks, as they happen",
          content: { "text/event-stream": { schema: z.string() } },
        },
        ...problems(400, 401, 403, 429, 503),
      },
    },
    owner,
    async (c) => {
      if (c.req.method === "HEAD") {
        await watchers.check(c.get("identity"));
        return c.body(null, 200, eventStream);
      }
      const lastEventId = c.req.header("Last-Event-ID") ?? "";
      const known = /^[0-9]{1,9}$/.test(lastEventId) ? Number(lastEventId) : null;
      const drop = () => void serverBindings(c).outgoing?.destroy();
      return c.body(await watchers.open(c.get("identity"), known, drop), 200, eventStream);
    },
  );
  refuseOtherMethodsOf(api, path);
}
