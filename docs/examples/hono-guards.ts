import { Hono } from "hono";
import { createVerifier, verifierOptionsFromEnvironment } from "watchword";
import { authenticate, optionalUser, requireRole, requireScope, requireSelf } from "watchword/hono";

const verifier = createVerifier(verifierOptionsFromEnvironment(process.env));

const tasks = new Hono()
  .basePath("/api/:user_id")
  .use("*", authenticate(verifier), requireSelf("user_id"))
  .get("/tasks", (c) => c.json({ owner: c.get("identity").userId }))
  .post("/tasks", requireScope("tasks:write"), (c) => c.json({ owner: c.get("identity").userId }));

export const app = new Hono()
  .route("/", tasks)
  .get("/admin", authenticate(verifier), requireRole("admin"), (c) =>
    c.json({ admin: c.get("identity").userId }),
  )
  .get("/posts", optionalUser(verifier), (c) => c.json({ reader: c.get("identity")?.userId ?? null }));
