import type { DBAdapter, Where } from "better-auth";
import type { UserRevocationReason } from "../audit.ts";
import type { ModelNames } from "./model-names.ts";
import type { Revocation } from "./revocation-log.ts";

/** A change that is about to be made through Better Auth's adapter. */
export interface Change {
  readonly action: "create" | "update" | "delete";
  /** Better Auth's own name of the model. */
  readonly model: string;
  readonly where: readonly Where[];
  /** New values, for a creation and an update. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What the rules are asked with. */
export interface RuleContext {
  /** Reads the rows as they are before the change. */
  readonly store: Pick<DBAdapter, "findMany">;
  readonly names: ModelNames;
  /** Seconds since 1970. */
  readonly now: number;
  /** Fields of the user whose change revokes. */
  readonly userFields: readonly string[];
  /** Whether a token can carry roles of an organization. */
  readonly memberships: boolean;
}

/** A row as the adapter gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** Whether the change can end a token at all. Most cannot, and cost nothing. */
export function canRevoke(
  change: Change,
  { userFields, memberships }: Pick<RuleContext, "userFields" | "memberships">,
): boolean {
  const { action, model, data } = change;
  const gone = action === "delete";
  switch (model) {
    case "session":
      return gone || (action === "update" && "expiresAt" in data);
    case "user":
      return (
        gone ||
        (action === "update" && (data["banned"] === true || userFields.some((field) => field in data)))
      );
    case "account":
      return !gone && typeof data["password"] === "string";
    case "member":
      return memberships && (gone || (action === "update" && "role" in data));
    default:
      return false;
  }
}

/** What the change ends. It is asked before the change, in the change's transaction. */
export function revocationsOf(change: Change, context: RuleContext): Promise<readonly Revocation[]> {
  switch (change.model) {
    case "session":
      return change.action === "delete" ? endedSessions(change, context) : shortenedSessions(change, context);
    case "user":
      return change.action === "delete" ? users(change, context, "deleted") : changedUsers(change, context);
    case "account":
      return change.action === "create" ? firstPassword(change, context) : accounts(change, context);
    default:
      return memberships(change, context);
  }
}

async function endedSessions(change: Change, context: RuleContext): Promise<readonly Revocation[]> {
  const userId = wholeUser(change, context.names);
  if (userId !== undefined) return [mark(userId, "sessions_ended")];
  return (await matching(change, context)).map(sessionRevocation);
}

/**
 * An expiry in the past ends the session. One that is brought forward ends the tokens that were issued until now: those
 * to come expire with the session.
 */
async function shortenedSessions(change: Change, context: RuleContext): Promise<readonly Revocation[]> {
  const end = seconds(change.data["expiresAt"]);
  if (end === undefined || end <= context.now) return endedSessions(change, context);
  const shortened = (await matching(change, context)).filter((row) => (seconds(row["expiresAt"]) ?? 0) > end);
  return marks(
    shortened.map((row) => String(row["userId"])),
    "session_shortened",
  );
}

async function changedUsers(change: Change, context: RuleContext): Promise<readonly Revocation[]> {
  if (change.data["banned"] === true) return users(change, context, "banned");
  const fields = context.userFields.filter((field) => field in change.data);
  const changed = (await matching(change, context)).filter((row) =>
    fields.some((field) => !isSame(row[field], change.data[field])),
  );
  return marks(
    changed.map(({ id }) => String(id)),
    "user_changed",
  );
}

async function users(
  change: Change,
  context: RuleContext,
  reason: UserRevocationReason,
): Promise<readonly Revocation[]> {
  return marks(
    (await matching(change, context)).map(({ id }) => String(id)),
    reason,
  );
}

async function accounts(change: Change, context: RuleContext): Promise<readonly Revocation[]> {
  const rows = await matching(change, context);
  return marks(
    rows.map((row) => String(row["userId"])),
    "password_changed",
  );
}

/** A password for a user who had none: a reset, unless the user is being made and has no session yet. */
async function firstPassword({ data }: Change, { store }: RuleContext): Promise<readonly Revocation[]> {
  const userId = String(data["userId"]);
  const sessions = await store.findMany({
    model: "session",
    where: [{ field: "userId", value: userId }],
    limit: 1,
  });
  return sessions.length === 0 ? [] : [mark(userId, "password_changed")];
}

async function memberships(change: Change, context: RuleContext): Promise<readonly Revocation[]> {
  const rows = await matching(change, context);
  const { role } = change.data;
  const lost = change.action === "delete" ? rows : rows.filter((row) => !isSame(row["role"], role));
  return marks(
    lost.map((row) => String(row["userId"])),
    "membership_changed",
  );
}

/** The user all of whose sessions end: a condition on the user, and at most that the sessions still live. */
function wholeUser({ model, where }: Change, names: ModelNames): string | undefined {
  const [owner, ...others] = [...where].sort(
    (a, b) =>
      Number(names.field(model, b.field) === "userId") - Number(names.field(model, a.field) === "userId"),
  );
  if (owner === undefined || names.field(model, owner.field) !== "userId") return undefined;
  if ((owner.operator ?? "eq") !== "eq" || typeof owner.value !== "string") return undefined;
  const onlyLive = others.every(
    ({ field, operator, connector }) =>
      names.field(model, field) === "expiresAt" &&
      (operator === "gt" || operator === "gte") &&
      (connector ?? "AND") === "AND",
  );
  return onlyLive ? owner.value : undefined;
}

const pageRows = 1000;

/** Every row that the change will meet: Better Auth gives no more than 100 unless it is told. */
export async function matching(
  { model, where }: Pick<Change, "model" | "where">,
  { store }: RuleContext,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await store.findMany<Row>({
      model,
      where: [...where],
      sortBy: { field: "id", direction: "asc" },
      limit: pageRows,
      offset: rows.length,
    });
    rows.push(...page);
    if (page.length < pageRows) return rows;
  }
}

export function sessionRevocation(row: Row): Revocation {
  return { kind: "session", id: String(row["id"]), userId: String(row["userId"]) };
}

function marks(userIds: readonly string[], reason: UserRevocationReason): readonly Revocation[] {
  return [...new Set(userIds)].map((userId) => mark(userId, reason));
}

function mark(userId: string, reason: UserRevocationReason): Revocation {
  return { kind: "user", id: userId, reason };
}

function seconds(value: unknown): number | undefined {
  const date = value instanceof Date ? value : new Date(typeof value === "number" ? value : String(value));
  return Number.isNaN(date.getTime()) ? undefined : date.getTime() / 1000;
}

/** Absent and null are one thing in a database. */
function isSame(before: unknown, after: unknown): boolean {
  return (
    (before ?? null) === (after ?? null) || JSON.stringify(before ?? null) === JSON.stringify(after ?? null)
  );
}
