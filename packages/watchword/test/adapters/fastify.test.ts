import fastify from "fastify";
import * as adapter from "../../src/adapters/fastify.ts";
import { adapterSuite, listening, middlewares, routes } from "./adapter-suite.ts";

adapterSuite("fastify", async () => {
  const app = fastify();
  for (const route of routes) {
    const onRequest = middlewares<adapter.AuthHook>(adapter, route);
    app.get(route.path.replace("{user_id}", ":user_id"), { onRequest }, (request) => ({
      caller: request.identity === null ? null : adapter.identityOf(request).userId,
    }));
  }
  await app.listen({ port: 0, host: "127.0.0.1" });
  return listening(app.server);
});
