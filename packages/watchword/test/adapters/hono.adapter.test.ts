import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import { Hono, type MiddlewareHandler } from "hono";
import * as adapter from "../../src/adapters/hono.ts";
import { adapterSuite, type Listening, listening, middlewares, routes } from "./adapter-suite.ts";

adapterSuite("hono", () => {
  const app = new Hono<adapter.OptionalAuthEnv>();
  for (const route of routes) {
    const path = route.path.replace("{user_id}", ":user_id");
    app.use(path, ...middlewares<MiddlewareHandler>(adapter, route));
    app.get(path, (c) => c.json({ caller: c.get("identity")?.userId ?? null }));
  }
  return new Promise<Listening>((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, () =>
      resolve(listening(server as Server)),
    );
  });
});
