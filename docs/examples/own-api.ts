import { initTRPC } from "@trpc/server";
import { Hono } from "hono";

const app = new Hono().get("/tasks/:id", (c) => c.json({ id: c.req.param("id") }));
export type AppType = typeof app;

const t = initTRPC.create();
const appRouter = t.router({ me: t.procedure.query(() => ({ name: "Ada" })) });
export type AppRouter = typeof appRouter;

/** As openapi-typescript writes it from the API's own description. */
export interface paths {
  "/tasks/{id}": {
    get: {
      parameters: { path: { id: string } };
      responses: {
        200: { content: { "application/json": { id: string } } };
        404: { content: { "application/problem+json": { code: string } } };
      };
    };
  };
}
