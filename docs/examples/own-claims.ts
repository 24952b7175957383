import { Hono } from "hono";
import { createVerifier, verifierOptionsFromEnvironment } from "watchword";
import { authenticate } from "watchword/hono";
import { z } from "zod";

const verifier = createVerifier({
  ...verifierOptionsFromEnvironment(),
  claims: z.object({ plan: z.enum(["free", "gold"]) }),
});

export const app = new Hono().get("/plan", authenticate(verifier), (c) =>
  c.json({ plan: c.get("identity").claims.plan }),
);
