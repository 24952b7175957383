import type { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { watchword } from "watchword/better-auth";

export const createAuth = (database: DatabaseSync) =>
  betterAuth({
    baseURL: "http://localhost:3000",
    database,
    emailAndPassword: { enabled: true },
    plugins: [watchword({ issuer: "http://localhost:3000", unsafeRawSecret: true })],
  });
