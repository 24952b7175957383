import { randomInt } from "node:crypto";
import type { BetterAuthPlugin, DBAdapter } from "better-auth";
import type { UserRevocationReason } from "../audit.ts";

/** One thing that has ended. Times are seconds since 1970. */
export type Revocation = SessionRevocation | UserRevocation;

export interface SessionRevocation {
  readonly kind: "session";
  /** `sid` of the tokens that end with it. */
  readonly id: string;
  readonly userId: string;
}

/** Every token of the user with an `iat` at or before the mark. */
export interface UserRevocation {
  readonly kind: "user";
  readonly id: string;
  readonly reason: UserRevocationReason;
}

/** What was written down, and when: seconds since 1970. */
export interface LogEntry {
  readonly revocation: Revocation;
  readonly writtenAt: number;
  /** Of a session of which Better Auth does not know that it has ended: its copy in a secondary storage has to go too. */
  readonly sessionToken?: string;
}

/** A row of the log. */
export interface LoggedRevocation {
  /** Where it stands in the log: digits, all of one length, in the order of time. */
  readonly position: string;
  readonly kind: "session" | "user";
  readonly subject: string;
  readonly at: Date;
  /** When the last token it can concern has expired. */
  readonly until: Date;
  readonly deleted: boolean;
}

const model = "watchwordRevocation";

/** The log's table, for Better Auth's migrations and generators. */
export const revocationSchema = {
  [model]: {
    fields: {
      // Unique, sortable text: rows of one transaction share a time, and no two dialects agree on fractions of a second.
      position: { type: "string", required: true, unique: true, sortable: true, input: false },
      kind: { type: "string", required: true, input: false },
      subject: { type: "string", required: true, index: true, sortable: true, input: false },
      at: { type: "date", required: true, input: false },
      until: { type: "date", required: true, index: true, input: false },
      deleted: { type: "boolean", required: true, input: false },
    },
  },
} satisfies BetterAuthPlugin["schema"];

/** What the log needs of a database, inside of a transaction or not. */
export type LogStore = Pick<DBAdapter, "create" | "findMany" | "count" | "deleteMany">;

const timeDigits = 14;
const counterDigits = 6;
const randomDigits = 9;
let counter = 0;

/** The first position of a moment: nothing that was logged before it comes after this. */
export function positionAt(seconds: number): string {
  return digits(seconds * 1000, timeDigits).padEnd(timeDigits + counterDigits + randomDigits, "0");
}

/** A position of its own: the counter keeps the order of this process, the random part tells replicas apart. */
function nextPosition(seconds: number): string {
  counter = (counter + 1) % 10 ** counterDigits;
  const random = digits(randomInt(10 ** randomDigits), randomDigits);
  return digits(seconds * 1000, timeDigits) + digits(counter, counterDigits) + random;
}

function digits(value: number, length: number): string {
  return String(Math.max(0, Math.floor(value))).padStart(length, "0");
}

/** How long the log keeps what it is told, in seconds after `at`. */
export interface LogLife {
  /** Added to the time of a mark, so that the clock of another replica cannot have issued a token beyond it. */
  readonly clockSkewSeconds: number;
  readonly longestTtlSeconds: number;
}

/** Verifiers accept a token until their clock tolerance after `exp`: at most this many seconds. */
const maxClockToleranceSeconds = 60;
/** A deletion is told for this long, so that an API that was down still erases what it holds: 30 days, in seconds. */
export const deletionSeconds = 2_592_000;
/** Rows stay, and are told, this long after `until`, in seconds: a verifier's clock may be late. */
export const keepSeconds = 120;

/** A row that was committed later than this after it was written, in seconds, may stand where nobody looks any more. */
const lateSeconds = 15;

/**
 * Whether an entry says too little by the time its change is lasting. Until then tokens are issued as if nothing had ended:
 * a mark does not cover those of the seconds since it was written.
 */
export function isOutdated({ revocation, writtenAt }: LogEntry, now: number): boolean {
  return revocation.kind === "user" ? Math.floor(now) > Math.floor(writtenAt) : now - writtenAt > lateSeconds;
}

/** Writes down what has ended, one row each. */
export async function appendRevocations(
  store: LogStore,
  revocations: readonly Revocation[],
  now: number,
  { clockSkewSeconds, longestTtlSeconds }: LogLife,
): Promise<void> {
  const at = Math.floor(now) + clockSkewSeconds;
  const lastExpiry = at + longestTtlSeconds + maxClockToleranceSeconds;
  for (const revocation of revocations) {
    const deleted = revocation.kind === "user" && revocation.reason === "deleted";
    await store.create({
      model,
      data: {
        position: nextPosition(now),
        kind: revocation.kind,
        subject: revocation.id,
        at: new Date(at * 1000),
        until: new Date((deleted ? Math.max(at + deletionSeconds, lastExpiry) : lastExpiry) * 1000),
        deleted,
      },
    });
  }
}

/** Rows after a position, in order. */
export function revocationsAfter(
  store: LogStore,
  position: string,
  limit: number,
): Promise<LoggedRevocation[]> {
  return store.findMany<LoggedRevocation>({
    model,
    where: [{ field: "position", operator: "gt", value: position }],
    sortBy: { field: "position", direction: "asc" },
    limit,
  });
}

/** How many rows there are after a position. */
export function countAfter(store: LogStore, position: string): Promise<number> {
  return store.count({ model, where: [{ field: "position", operator: "gt", value: position }] });
}

/** The last second, since 1970, whose tokens of the user are revoked; `undefined` without any. */
export async function latestMark(store: LogStore, userId: string): Promise<number | undefined> {
  const [mark] = await store.findMany<LoggedRevocation>({
    model,
    where: [
      { field: "subject", value: userId },
      { field: "kind", value: "user" },
    ],
    sortBy: { field: "at", direction: "desc" },
    limit: 1,
  });
  return mark && Math.floor(mark.at.getTime() / 1000);
}

/** Drops the rows that no token can need any more. */
export async function pruneRevocations(store: LogStore, now: number): Promise<void> {
  const value = new Date((now - keepSeconds) * 1000);
  await store.deleteMany({ model, where: [{ field: "until", operator: "lt", value }] });
}
