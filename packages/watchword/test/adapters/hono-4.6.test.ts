import type { Server } from "node:http";
import { createRequire } from "node:module";
import { serve } from "@hono/node-server";
import type { Hono, MiddlewareHandler } from "hono";
import { expect, test, vi } from "vitest";
import * as adapter from "../../src/adapters/hono.ts";
import { adapterSuite, type Listening, listening, middlewares, routes } from "./adapter-suite.ts";

const require = createRequire(import.meta.url);
const older = require("hono4-6") as { Hono: typeof Hono };

// The adapter throws the exception of the Hono that an application has.
vi.mock("hono/http-exception", () => createRequire(import.meta.url)("hono4-6/http-exception"));

test("the older Hono is the one that is tested here", async () => {
  const { HTTPException } = await import("hono/http-exception");
  expect(HTTPException).toBe(require("hono4-6/http-exception").HTTPException);
});

adapterSuite(
  "hono",
  () => {
    const app = new older.Hono<adapter.OptionalAuthEnv>();
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
  },
  { title: "hono 4.6" },
);
