import express from "express";
import {
  authenticate,
  identityOf,
  optionalUser,
  requireRole,
  requireScope,
  requireSelf,
} from "watchword/express";

export const app = express();

const tasks = express.Router();
tasks.get("/tasks", (req, res) => res.json({ owner: identityOf(req).userId }));
tasks.post("/tasks", requireScope("tasks:write"), (req, res) => res.json({ owner: identityOf(req).userId }));
app.use("/api/:user_id", authenticate(), requireSelf("user_id"), tasks);

app.get("/admin", authenticate(), requireRole("admin"), (req, res) =>
  res.json({ admin: identityOf(req).userId }),
);
app.get("/posts", optionalUser(), (req, res) => res.json({ reader: req.identity?.userId ?? null }));
