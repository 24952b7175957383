import { Hono } from "hono";
import { authenticate, optionalUser, requireRole, requireScope, requireSelf } from "watchword/hono";

const tasks = new Hono()
  .basePath("/api/:user_id")
  .use("*", authenticate(), requireSelf("user_id"))
  .get("/tasks", (c) => c.json({ owner: c.get("identity").userId }))
  .post("/tasks", requireScope("tasks:write"), (c) => c.json({ owner: c.get("identity").userId }));

export const app = new Hono()
  .route("/", tasks)
  .get("/admin", authenticate(), requireRole("admin"), (c) => c.json({ admin: c.get("identity").userId }))
  .get("/posts", optionalUser(), (c) => c.json({ reader: c.get("identity")?.userId ?? null }));
