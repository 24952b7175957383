import { createRequire } from "node:module";
import type express from "express";
import type { RequestHandler } from "express";
import { expect, test } from "vitest";
import * as adapter from "../../src/adapters/express.ts";
import { adapterSuite, type Listening, listening, middlewares, routes } from "./adapter-suite.ts";

const require = createRequire(import.meta.url);
const express4 = require("express4") as typeof express;

test("the older Express is the one that is tested here", () => {
  expect((require("express4/package.json") as { version: string }).version).toMatch(/^4\./);
});

adapterSuite(
  "express",
  () => {
    const app = express4();
    for (const route of routes) {
      const path = route.path.replace("{user_id}", ":user_id");
      app.get(path, ...middlewares<RequestHandler>(adapter, route), (req, res) => {
        res.json({ caller: req.identity === null ? null : adapter.identityOf(req).userId });
      });
    }
    return new Promise<Listening>((resolve) => {
      const server = app.listen(0, "127.0.0.1", () => resolve(listening(server)));
    });
  },
  { title: "express 4" },
);
