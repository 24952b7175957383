import { Hono } from "hono";
import { cors } from "hono/cors";
import { type AuthEnv, authenticate, requireSelf } from "watchword/hono";

export const app = new Hono<AuthEnv>();
app.use(cors({ origin: "http://localhost:3000" }));
app.use("/api/:user_id/*", authenticate(), requireSelf("user_id"));
app.get("/api/:user_id/tasks", (c) => c.json({ owner: c.get("identity").userId }));
