import { createProxy } from "watchword/next";
import { tokens } from "@/lib/proxy-tokens";

const pass = createProxy({
  tokens,
  upstream: "http://localhost:8000",
  origin: "http://localhost:3000",
  routes: ["/api/{user_id}/tasks/**", { path: "/api/v1/posts", methods: ["GET"], anonymous: true }],
});

export { pass as DELETE, pass as GET, pass as PATCH, pass as POST, pass as PUT };
