import { randomBytes } from "node:crypto";
import type { Realm } from "./token.ts";

/** A realm with a secret of its own, made anew for each run. No server listens at its addresses. */
export function newRealm(): Realm {
  return {
    issuer: "http://localhost:3000",
    audience: "http://localhost:8000",
    secret: randomBytes(32).toString("base64url"),
  };
}
