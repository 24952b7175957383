"use server";

import { endOwnSession } from "../../../lib/account.ts";

/** Ends one session of whoever is signed in; a foreign or ended one answers the same: false. */
export async function revokeSession(sessionId: unknown): Promise<boolean> {
  return typeof sessionId === "string" && (await endOwnSession(sessionId));
}
