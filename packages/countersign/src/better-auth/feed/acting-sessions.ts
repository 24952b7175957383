import type { DBTransactionAdapter } from "better-auth";
import type { UserRevocationReason } from "../audit.ts";
import type { Revocation } from "./revocation-log.ts";
import { type RuleContext, revocationsOf } from "./revocation-rules.ts";

/** What ends an administrator's say, and not only tokens that say something old. */
const endings: ReadonlySet<UserRevocationReason> = new Set([
  "sessions_ended",
  "password_changed",
  "user_changed",
  "banned",
  "deleted",
]);

/** Values that one condition is given, at most: databases bound the parameters of a statement. */
const idsPerQuery = 500;

/**
 * Ends the sessions in which users who are revoked act as somebody else (`impersonatedBy` of the admin plugin), and those in
 * which they act on in the name of whom they act as. They belong to the other user: Better Auth leaves them alone when the
 * administrator is banned, removed, or signs out everywhere.
 *
 * @returns what ended beyond `revocations`
 */
export async function endActingSessions(
  revocations: readonly Revocation[],
  context: RuleContext & { readonly store: DBTransactionAdapter },
): Promise<readonly Revocation[]> {
  const actors = revocations
    .filter((one) => one.kind === "user" && endings.has(one.reason))
    .map(({ id }) => id);
  const ended: Revocation[] = [];
  while (actors.length > 0) {
    const value = actors.splice(0, idsPerQuery);
    const where = [{ field: "impersonatedBy", operator: "in" as const, value }];
    const sessions = await revocationsOf({ action: "delete", model: "session", where, data: {} }, context);
    if (sessions.length > 0) await context.store.deleteMany({ model: "session", where });
    ended.push(...sessions);
    actors.push(...new Set(sessions.flatMap((one) => (one.kind === "session" ? [one.userId] : []))));
  }
  return ended;
}
