import type { AuthContext } from "better-auth";
import { parseSessionOutput, parseUserOutput } from "better-auth/db";
import type { Clock } from "../core/clock.ts";
import { latestMark } from "./feed/revocation-log.ts";
import type { IssuerPolicy } from "./options.ts";
import { TokenRefusal } from "./refusals.ts";
import type { SignedIn } from "./token-claims.ts";

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
    refuseBanned(signedIn, clock);
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
  { adapter, logger, options }: AuthContext,
  signedIn: SignedIn,
): Promise<SignedIn> {
  if (revocation === undefined || !options.secondaryStorage) return signedIn;
  const find = <Row>(model: string, value: string) =>
    adapter.findOne<Row>({ model, where: [{ field: "id", value }] }).catch(() => {
      logger.error("[countersign] The session could not be read in the database.");
      throw new TokenRefusal("SESSION_STORE_UNAVAILABLE");
    });
  const session = await find<SignedIn["session"]>("session", signedIn.session.id);
  const user = await find<SignedIn["user"]>("user", signedIn.user.id);
  if (session === null || user === null || session.userId !== user.id)
    throw new TokenRefusal("NOT_SIGNED_IN");
  if (!(clock.now() < new Date(session.expiresAt).getTime() / 1000)) throw new TokenRefusal("NOT_SIGNED_IN");
  return { session: parseSessionOutput(options, session), user: parseUserOutput(options, user) };
}

/** Better Auth asks about a ban when a session begins: one that was beginning when the ban came is there afterwards. */
function refuseBanned({ user }: SignedIn, clock: Clock): void {
  const { banned, banExpires } = user;
  const over =
    banExpires instanceof Date || typeof banExpires === "string" ? new Date(banExpires) : undefined;
  if (banned !== true || (over !== undefined && over.getTime() / 1000 < clock.now())) return;
  throw new TokenRefusal("NOT_SIGNED_IN");
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
    logger.error("[countersign] The revocation log could not be read.");
    throw new TokenRefusal("SESSION_STORE_UNAVAILABLE");
  }
}

/** Looks at the clock again and again: it is not this process's own to wait for. */
async function passed(second: number, clock: Clock): Promise<void> {
  if (second - clock.now() > maxWaitSeconds) throw new TokenRefusal("SESSION_STORE_UNAVAILABLE");
  while (clock.now() < second) await new Promise((resolve) => setTimeout(resolve, stepMilliseconds));
}
