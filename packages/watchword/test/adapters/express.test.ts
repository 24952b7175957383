import express, { type RequestHandler } from "express";
import * as adapter from "../../src/adapters/express.ts";
import { adapterSuite, type Listening, listening, middlewares, routes } from "./adapter-suite.ts";

adapterSuite("express", () => {
  const app = express();
  for (const route of routes) {
    const path = route.path.replace("{user_id}", ":user_id");
    app.get(path, ...middlewares<RequestHandler>(adapter, route), (req, res) => {
      res.json({ caller: req.identity === null ? null : adapter.identityOf(req).userId });
    });
  }
  return new Promise<Listening>((resolve) => {
    const server = app.listen(0, "127.0.0.1", () => resolve(listening(server)));
  });
});
