import fastify from "fastify";
import {
  authenticate,
  identityOf,
  optionalUser,
  requireRole,
  requireScope,
  requireSelf,
} from "watchword/fastify";

export const app = fastify();

app.register(
  async (tasks) => {
    tasks.addHook("onRequest", authenticate()).addHook("onRequest", requireSelf("user_id"));
    tasks.get("/tasks", (request) => ({ owner: identityOf(request).userId }));
    tasks.post("/tasks", { onRequest: requireScope("tasks:write") }, (request) => ({
      owner: identityOf(request).userId,
    }));
  },
  { prefix: "/api/:user_id" },
);

app.get("/admin", { onRequest: [authenticate(), requireRole("admin")] }, (request) => ({
  admin: identityOf(request).userId,
}));
app.get("/posts", { onRequest: optionalUser() }, (request) => ({
  reader: request.identity?.userId ?? null,
}));
