import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { countersign } from "countersign/better-auth";

export const auth = betterAuth({
  baseURL: "http://localhost:3000",
  database: new DatabaseSync("auth.sqlite"),
  emailAndPassword: { enabled: true },
  plugins: [countersign({ issuer: "http://localhost:3000", audience: "http://localhost:8000" })],
});
