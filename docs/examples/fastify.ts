import fastify from "fastify";
import { createVerifier, verifierOptionsFromEnvironment } from "watchword";
import {
  authenticate,
  identityOf,
  optionalUser,
  requireRole,
  requireScope,
  requireSelf,
} from "watchword/fastify";

const verifier = createVerifier(verifierOptionsFromEnvironment(process.env));
export const app = fastify();

app.register(
  async (tasks) => {
    tasks.addHook("onRequest", authenticate(verifier)).addHook("onRequest", requireSelf("user_id"));
    tasks.get("/tasks", (request) => ({ owner: identityOf(request).userId }));
    tasks.post("/tasks", { onRequest: requireScope("tasks:write") }, (request) => ({
      owner: identityOf(request).userId,
    }));
  },
  { prefix: "/api/:user_id" },
);

app.get("/admin", { onRequest: [authenticate(verifier), requireRole("admin")] }, (request) => ({
  admin: identityOf(request).userId,
}));
app.get("/posts", { onRequest: optionalUser(verifier) }, (request) => ({
  reader: request.identity?.userId ?? null,
}));
