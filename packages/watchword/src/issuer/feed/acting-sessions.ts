import type { DBTransactionAdapter } from "better-auth";
import type { UserRevocationReason } from "../audit.ts";
import type { Revocation } from "./revocation-log.ts";
import { matching, type Row, type RuleContext, sessionRevocation } from "./revocation-rules.ts";

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

/** A session that was ended here and not by Better Auth. */
export interface ActingSession {
  readonly revocation: Revocation;
  /** Under which a secondary storage still has its copy. */
  readonly sessionToken: string;
}

/** What the sessions are ended with. */
export interface ActingContext extends RuleContext {
  readonly store: DBTransactionAdapter;
  /** Whether the rows of ended sessions are kept (`preserveSessionInDatabase`). */
  readonly preserved: boolean;
}

/**
 * Ends the sessions in which users who are revoked act as somebody else (`impersonatedBy` of the admin plugin), and those in
 * which they act on in the name of whom they act as. They belong to the other user: Better Auth leaves them alone when the
 * administrator is banned, removed, or signs out everywhere.
 *
 * @returns what ended beyond `revocations`
 */
export async function endActingSessions(
  revocations: readonly Revocation[],
  context: ActingContext,
): Promise<readonly ActingSession[]> {
  const actors = revocations
    .filter((one) => one.kind === "user" && endings.has(one.reason))
    .map(({ id }) => id);
  const ended: ActingSession[] = [];
  while (actors.length > 0) {
    const rows = await endSessionsBy(actors.splice(0, idsPerQuery), context);
    ended.push(
      ...rows.map((row) => ({ revocation: sessionRevocation(row), sessionToken: String(row["token"]) })),
    );
    actors.push(...new Set(rows.map((row) => String(row["userId"]))));
  }
  return ended;
}

async function endSessionsBy(value: string[], context: ActingContext): Promise<readonly Row[]> {
  const { store, preserved, now } = context;
  const acting = { field: "impersonatedBy", operator: "in" as const, value };
  const live = { field: "expiresAt", operator: "gt" as const, value: new Date(now * 1000) };
  const where = preserved ? [acting, live] : [acting];
  const rows = await matching({ model: "session", where }, context);
  if (rows.length === 0) return rows;
  if (preserved) {
    // The whole second, so that no database rounds it up to a time that is still to come.
    const expiresAt = new Date(Math.floor(now) * 1000);
    await store.updateMany({ model: "session", where, update: { expiresAt } });
  } else {
    await store.deleteMany({ model: "session", where });
  }
  return rows;
}
