import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { watchword } from "watchword/better-auth";

export const auth = betterAuth({
  baseURL: "http://localhost:3000",
  database: new DatabaseSync("auth.sqlite"),
  emailAndPassword: { enabled: true },
  plugins: [watchword({ issuer: "http://localhost:3000", unsafeRawSecret: true })],
});
