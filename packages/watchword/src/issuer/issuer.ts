import type { AuthContext } from "better-auth";
import { ConfigurationError } from "../errors.ts";
import { createVerifier } from "../feed/create-verifier.ts";
import { deriveFeedKey, feedToken } from "../feed/revocation-token.ts";
import { requestIdOf } from "../request-id.ts";
import { emit, type Report } from "./audit.ts";
import { endActingSessions } from "./feed/acting-sessions.ts";
import type { FeedService } from "./feed/feed-service.ts";
import { guardAdapter } from "./feed/guarded-adapter.ts";
import { modelNames } from "./feed/model-names.ts";
import { RevocationFeed } from "./feed/revocation-feed.ts";
import {
  appendRevocations,
  isOutdated,
  type LogEntry,
  type LogLife,
  pruneRevocations,
  type Revocation,
} from "./feed/revocation-log.ts";
import { canRevoke, revocationsOf } from "./feed/revocation-rules.ts";
import { KeyRing } from "./keys/key-ring.ts";
import type { AudiencePolicy, IssuerPolicy, RevocationPolicy } from "./options.ts";
import { publicSigners, type Signer, sharedKeys, sharedSigners } from "./signing-key.ts";
import { isBefore } from "./tested-versions.ts";

/** The plugin once Better Auth has started: everything that its endpoints need. */
export interface Issuer {
  readonly policy: IssuerPolicy;
  readonly report: Report;
  /** What signs the tokens of an audience now. Rejects when the table of keys cannot be read. */
  signer(audience: AudiencePolicy): Promise<Signer>;
  /** `undefined` in shared-secret mode. */
  readonly ring: KeyRing | undefined;
  /** `undefined` when the feed is off. */
  readonly feedService: FeedService | undefined;
}

const contextName = "watchword";

/** The issuer's place in the context that Better Auth gives to every endpoint: one per `betterAuth()`. */
export function issuerContext(issuer: Issuer): Record<string, unknown> {
  return { [contextName]: issuer };
}

/** The issuer of the `betterAuth()` that is answering. */
export function issuerOf(ctx: { readonly context: object }): Issuer {
  return (ctx.context as Record<string, unknown>)[contextName] as Issuer;
}

/** @throws ConfigurationError for secrets and a session store that it cannot work with */
export function startIssuer(policy: IssuerPolicy, ctx: AuthContext): Issuer {
  const report = reporter(policy, ctx);
  const ring = keyRing(policy, ctx, report);
  return {
    policy,
    report,
    signer: signerOf(policy, ctx, ring),
    ring,
    feedService: policy.revocation && startFeed(policy, policy.revocation, ctx, report),
  };
}

function reporter({ onEvent, clock }: IssuerPolicy, { logger }: AuthContext): Report {
  return (body, headers) => {
    const requestId = requestIdOf(headers);
    const event = { ...body, at: clock.now(), ...(requestId !== undefined && { requestId }) };
    emit(onEvent, event, () => logger.error(`[watchword] onEvent failed for ${event.name}.`));
  };
}

function keyRing(policy: IssuerPolicy, ctx: AuthContext, report: Report): KeyRing | undefined {
  const { keys, clock, longestTtlSeconds } = policy;
  if (keys === undefined) return undefined;
  const { adapter: store, secretConfig } = ctx;
  return new KeyRing({ store, secretConfig, policy: keys, longestTtlSeconds, clock, report });
}

function signerOf(policy: IssuerPolicy, ctx: AuthContext, ring: KeyRing | undefined): Issuer["signer"] {
  // Made in every mode, so that a weak secret stops the start: it signs the session cookies.
  const shared = sharedSigners(policy, ctx.secretConfig);
  if (ring === undefined || policy.keys?.signing === false) {
    return async (audience) => shared.get(audience) as Signer;
  }
  const published = publicSigners(policy);
  let last: { keyId: string; signer: Signer } | undefined;
  return async () => {
    const key = await ring.signer();
    if (last?.keyId !== key.published.kid) last = { keyId: key.published.kid, signer: published(key) };
    return last.signer;
  };
}

function startFeed(
  policy: IssuerPolicy,
  revocation: RevocationPolicy,
  ctx: AuthContext,
  report: Report,
): FeedService {
  refuseUnseenSessions(ctx);
  const { clock, roles } = policy;
  const { adapter, logger } = ctx;
  const feed = new RevocationFeed(adapter, clock);
  const names = modelNames(ctx.tables);
  const concern = { userFields: revocation.userFields, memberships: roles.organizationPrefix !== undefined };
  const impersonation = Object.hasOwn(ctx.tables["session"]?.fields ?? {}, "impersonatedBy");
  const preserved = ctx.options.session?.preserveSessionInDatabase === true;
  const prune = pruner(policy, ctx);
  const renew = renewer(policy, revocation, ctx);
  const forget = forgetter(ctx);
  guardAdapter(adapter, {
    modelName: names.model,
    concerns: (change) => canRevoke(change, concern),
    async isDue(change, store) {
      // Sessions are prolonged all the time, and brought to an earlier end by hand alone.
      if (change.model !== "session" || change.action !== "update") return true;
      return (await revocationsOf(change, { ...concern, store, names, now: clock.now() })).length > 0;
    },
    async record(change, store) {
      const context = { ...concern, store, names, now: clock.now(), preserved };
      const revocations = await revocationsOf(change, context);
      const acting = impersonation ? await endActingSessions(revocations, context) : [];
      const ended = [...revocations.map((one) => ({ revocation: one })), ...acting];
      const writtenAt = clock.now();
      await appendRevocations(
        store,
        ended.map((one) => one.revocation),
        writtenAt,
        logLife(revocation),
      );
      return ended.map((one) => ({ ...one, writtenAt }));
    },
    async committed(entries) {
      if (entries.length === 0) return;
      await renew(entries);
      feed.wake();
      for (const one of entries) report(revokedEvent(one.revocation));
      prune();
      await forget(entries);
    },
  });
  if (adapter.options?.adapterConfig.transaction === false) {
    logger.warn(
      "[watchword] The database adapter makes no transactions: after a crash the revocation log may tell of a change that was not made. Switch them on (for Drizzle: transaction: true).",
    );
  }
  const key = feedKeys(policy, revocation, ctx).map(deriveFeedKey);
  const verifier = createVerifier({
    issuer: policy.issuer,
    audience: feedToken.audience,
    key,
    acceptedTypes: [feedToken.type],
    maxLifetimeSeconds: feedToken.ttlSeconds,
    cache: false,
    clock,
  });
  return { feed, verifier };
}

/** Better Auth would end such sessions without a word to its adapter. */
export function refuseUnseenSessions({ options, version }: Pick<AuthContext, "options" | "version">): void {
  const { database, secondaryStorage, session } = options;
  if (!database || (secondaryStorage && !session?.storeSessionInDatabase)) {
    throw new ConfigurationError(
      "The revocation feed sees only sessions in the database: give Better Auth a database, and with secondaryStorage set session.storeSessionInDatabase.",
    );
  }
  // Better Auth before 1.7.0 leaves a preserved row as it is, as if the session lived.
  if (secondaryStorage && session?.preserveSessionInDatabase && isBefore(version, "1.7.0")) {
    throw new ConfigurationError(
      `Better Auth ${version} ends preserved sessions unseen by the revocation feed: install 1.7.0 or later, or remove session.preserveSessionInDatabase.`,
    );
  }
}

/** The texts that feed keys are derived from: those of every key that verifies, and the feed's own secret. */
function feedKeys(
  policy: IssuerPolicy,
  { feedSecret }: RevocationPolicy,
  { secretConfig }: AuthContext,
): readonly string[] {
  const own = feedSecret === undefined ? [] : [feedSecret];
  const publicOnly = policy.keys?.signing === true;
  const shared = policy.audiences.flatMap((audience) => sharedKeys(policy, audience, secretConfig));
  return [...new Set([...own, ...(publicOnly ? [] : shared)])];
}

function logLife({ replicaClockSkewSeconds, longestTtlSeconds }: RevocationPolicy): LogLife {
  return { clockSkewSeconds: replicaClockSkewSeconds, longestTtlSeconds };
}

/** Writes down once more what took so long to become lasting that its entry says too little. */
function renewer(
  { clock }: IssuerPolicy,
  revocation: RevocationPolicy,
  { adapter, logger }: AuthContext,
): (entries: readonly LogEntry[]) => Promise<void> {
  return async (entries) => {
    const now = clock.now();
    const outdated = entries.filter((entry) => isOutdated(entry, now));
    try {
      const revocations = outdated.map((entry) => entry.revocation);
      await appendRevocations(adapter, revocations, now, logLife(revocation));
    } catch {
      logger.error("[watchword] Tokens that were issued while a change was made may outlive it.");
    }
  };
}

/** Takes out of a secondary storage what Better Auth would go on finding there: the copies of sessions that it has not ended. */
function forgetter({ options, logger }: AuthContext): (entries: readonly LogEntry[]) => Promise<void> {
  return async (entries) => {
    const tokens = entries.flatMap(({ sessionToken }) => sessionToken ?? []);
    try {
      await Promise.all(tokens.map((token) => options.secondaryStorage?.delete(token)));
    } catch {
      logger.error("[watchword] Sessions that have ended are still in the secondary storage.");
    }
  };
}

/** How often old rows are dropped, in seconds, while something is revoked. */
const pruneSeconds = 600;

function pruner({ clock }: IssuerPolicy, { adapter, logger }: AuthContext): () => void {
  let prunedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = clock.now();
    if (now - prunedAt < pruneSeconds) return;
    prunedAt = now;
    pruneRevocations(adapter, now).catch(() =>
      logger.error("[watchword] Old revocations could not be removed."),
    );
  };
}

function revokedEvent(revocation: Revocation) {
  return revocation.kind === "session"
    ? ({
        name: "watchword.session.revoked",
        sessionId: revocation.id,
        userId: revocation.userId,
      } as const)
    : ({ name: "watchword.user.revoked", userId: revocation.id, reason: revocation.reason } as const);
}
