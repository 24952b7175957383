import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { admin } from "better-auth/plugins/admin";
import { watchword } from "watchword/better-auth";

export const auth = betterAuth({
  baseURL: "http://localhost:3000",
  database: new DatabaseSync("auth.sqlite"),
  emailAndPassword: { enabled: true },
  plugins: [
    admin(),
    watchword({
      issuer: "http://localhost:3000",
      audience: "http://localhost:8000",
      ttlSeconds: 600,
      scope: "tasks:read",
      roles: { scopes: { user: "tasks:write", admin: ["tasks:write", "tasks:purge"] } },
      audiences: { "http://localhost:9000": { ttlSeconds: 60, scope: "reports:read" } },
      definePayload: ({ user }) => ({ plan: user.emailVerified ? "gold" : "free" }),
    }),
  ],
});
