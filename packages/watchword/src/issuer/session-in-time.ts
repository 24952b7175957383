import type { AuthContext } from "better-auth";
import { parseSessionOutput, parseUserOutput } from "better-auth/db";
import type { Clock } from "../clock.ts";
import { latestMark } from "./feed/revocation-log.ts";
import type { IssuerPolicy } from "./options.ts";
import { TokenRefusal } from "./refusals.ts";
import { actorOf, type SignedIn } from "./signed-in.ts";

/** A signed-in user, and the second that a token may say it was issued in. */
export interface SessionInTime {
  readonly signedIn: SignedIn;
  /** Seconds since 1970. */
  readonly issuedAt: number;
}

/** Marks that come while one is waited for; then the user's tokens are being revoked without end. */
const maxMarks = 3;
/** Longest wait for one mark, in seconds, beyond which a clock is wrong. */
const maxWaitSeconds = 35;
const stepMilliseconds = 25;

/**
 * Who is signed in, and an `iat` that no mark of the user covers: right after a password change the second of the mark has
 * to pass, or the new token would be revoked with the old ones. The time is taken before the session is read: what ends
 * the session afterwards then revokes this token too.
 *
 * @throws TokenRefusal as `readSession`, and `NOT_SIGNED_IN`, `SESSION_STORE_UNAVAILABLE`
 */
export async function unrevoked(
  policy: IssuerPolicy,
  context: AuthContext,
  readSession: () => Promise<SignedIn>,
): Promise<SessionInTime> {
  const { clock } = policy;
  for (let marks = 0; marks <= maxMarks; marks += 1) {
    const issuedAt = Math.floor(clock.now());
    const signedIn = await inDatabase(policy, context, await readSession());
    await refuseBanned(context, signedIn, clock);
    const mark = await markOf(policy, context, signedIn);
    if (mark === undefined || mark < issuedAt) return { signedIn, issuedAt };
    await passed(mark + 1, clock);
  }
  throw new TokenRefusal("SESSION_STORE_UNAVAILABLE");
}

/**
 * The session and its user as the database has them. A secondary storage is a copy beside it, changed after it and without
 * its transaction: what the feed says has ended may still stand there, and an old role too.
 */
async function inDatabase(
  { revocation, clock }: IssuerPolicy,
  context: AuthContext,
  signedIn: SignedIn,
): Promise<SignedIn> {
  const { options } = context;
  if (revocation === undefined || !options.secondaryStorage) return signedIn;
  const session = await stored<SignedIn["session"]>(context, "session", signedIn.session.id);
  const user = await stored<SignedIn["user"]>(context, "user", signedIn.user.id);
  if (session === null || user === null || session.userId !== user.id)
    throw new TokenRefusal("NOT_SIGNED_IN");
  if (!(clock.now() < new Date(session.expiresAt).getTime() / 1000)) throw new TokenRefusal("NOT_SIGNED_IN");
  return { session: parseSessionOutput(options, session), user: parseUserOutput(options, user) };
}

function stored<Model>({ adapter, logger }: AuthContext, model: string, id: string): Promise<Model | null> {
  return adapter.findOne<Model>({ model, where: [{ field: "id", value: id }] }).catch(() => {
    logger.error("[watchword] The session could not be read in the database.");
    throw new TokenRefusal("SESSION_STORE_UNAVAILABLE");
  });
}

/**
 * A banned user has no session, nor has an administrator who is banned or gone one of somebody else. One that was beginning when
 * that came is there afterwards: Better Auth asks, if at all, before it begins.
 */
async function refuseBanned(context: AuthContext, signedIn: SignedIn, clock: Clock): Promise<void> {
  const actorId = actorOf(signedIn);
  const actor = actorId === undefined ? undefined : await stored<Row>(context, "user", actorId);
  if (actor === null || isBanned(signedIn.user, clock) || (actor && isBanned(actor, clock)))
    throw new TokenRefusal("NOT_SIGNED_IN");
}

type Row = Readonly<Record<string, unknown>>;

/** By the admin plugin's fields of a user. */
function isBanned({ banned, banExpires }: Row, clock: Clock): boolean {
  const end = banExpires instanceof Date || typeof banExpires === "string" ? new Date(banExpires) : undefined;
  return banned === true && !(end !== undefined && end.getTime() / 1000 < clock.now());
}

async function markOf(
  { revocation }: IssuerPolicy,
  { adapter, logger }: AuthContext,
  { user }: SignedIn,
): Promise<number | undefined> {
  if (revocation === undefined) return undefined;
  try {
    return await latestMark(adapter, user.id);
  } catch {
    logger.error("[watchword] The revocation log could not be read.");
    throw new TokenRefusal("SESSION_STORE_UNAVAILABLE");
  }
}

/** Looks at the clock again and again: it is not this process's own to wait for. */
async function passed(second: number, clock: Clock): Promise<void> {
  if (second - clock.now() > maxWaitSeconds) throw new TokenRefusal("SESSION_STORE_UNAVAILABLE");
  while (clock.now() < second) await new Promise((resolve) => setTimeout(resolve, stepMilliseconds));
}
