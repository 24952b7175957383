import { Hono } from "hono";
import {
  createRevocationFeed,
  createVerifier,
  feedOptionsFromEnvironment,
  verifierOptionsFromEnvironment,
} from "watchword";
import { authenticate, requireSelf } from "watchword/hono";

export const tasks = new Map([
  ["ada", ["Buy milk"]],
  ["gone", ["Leave"]],
]);

const settings = feedOptionsFromEnvironment(process.env, "feed");
export const feed =
  settings &&
  createRevocationFeed({
    ...settings,
    onUserDeleted: (userId) => void tasks.delete(userId),
  });
const verifier = createVerifier({ ...verifierOptionsFromEnvironment(), revocation: feed });

export const app = new Hono();
app.get("/api/:user_id/tasks", authenticate(verifier), requireSelf("user_id"), (c) =>
  c.json({ tasks: tasks.get(c.get("identity").userId) ?? [] }),
);
// Whoever could read this a moment ago may go on until the token expires.
app.get("/prices", authenticate(verifier, { revocation: "none" }), (c) => c.json({ milk: 2 }));
app.get("/ready", (c) => c.json(feed?.status() ?? { state: "none" }));

// With the process; `await feed?.close()` when it ends.
feed?.start();
