import { serve } from "@hono/node-server";
import { app } from "./hono.ts";

serve({ fetch: app.fetch, port: 8000 });
