import { Hono } from "hono";
import { createVerifier, verifierOptionsFromEnvironment } from "watchword";
import { authenticate, requireRole, requireScope } from "watchword/hono";
import { z } from "zod";

const verifier = createVerifier({
  ...verifierOptionsFromEnvironment(),
  claims: z.object({ plan: z.enum(["free", "gold"]) }),
});

export const app = new Hono()
  .use("*", authenticate(verifier))
  .post("/tasks", requireScope("tasks:write"), (c) => c.json({ added: true }))
  .delete("/tasks", requireScope("tasks:purge"), requireRole("admin"), (c) => c.json({ purged: true }))
  .get("/plan", (c) => c.json({ plan: c.get("identity").claims.plan }));
