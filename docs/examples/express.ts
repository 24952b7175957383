import express from "express";
import { createVerifier, verifierOptionsFromEnvironment } from "watchword";
import {
  authenticate,
  identityOf,
  optionalUser,
  requireRole,
  requireScope,
  requireSelf,
} from "watchword/express";

const verifier = createVerifier(verifierOptionsFromEnvironment(process.env));
export const app = express();

const tasks = express.Router();
tasks.get("/tasks", (req, res) => res.json({ owner: identityOf(req).userId }));
tasks.post("/tasks", requireScope("tasks:write"), (req, res) => res.json({ owner: identityOf(req).userId }));
app.use("/api/:user_id", authenticate(verifier), requireSelf("user_id"), tasks);

app.get("/admin", authenticate(verifier), requireRole("admin"), (req, res) =>
  res.json({ admin: identityOf(req).userId }),
);
app.get("/posts", optionalUser(verifier), (req, res) => res.json({ reader: req.identity?.userId ?? null }));
