import type { AuthContext, BetterAuthOptions, BetterAuthPlugin } from "better-auth";
import { ConfigurationError } from "../errors.ts";
import { endConnection, feedEndpoint } from "./feed/feed-endpoint.ts";
import { revocationSchema } from "./feed/revocation-log.ts";
import { issuerContext, startIssuer } from "./issuer.ts";
import { keyEndpoints } from "./keys/key-endpoints.ts";
import { keySchema } from "./keys/stored-keys.ts";
import { checkOptions, defaultTokenPath, type IssuerPolicy, type WatchwordOptions } from "./options.ts";
import { protectionHooks } from "./protection/protection.ts";
import { checkLocation } from "./protection/redirects.ts";
import { boundedUsers } from "./protection/user-fields.ts";
import { rateLimits } from "./rate-limits.ts";
import { refusedSignIns, sessionEvents } from "./sign-in-audit.ts";
import { adviseOnVersion } from "./tested-versions.ts";
import { tokenEndpoint } from "./token-endpoint.ts";

export { type AuditRecord, toAuditRecord } from "../audit-record.ts";
export type {
  AuditEvent,
  KeyRotatedEvent,
  KeyUnusableEvent,
  SessionEndedEvent,
  SessionRevokedEvent,
  SessionStartedEvent,
  SignInRefusedEvent,
  TokenEvent,
  TokenIssuedEvent,
  TokenRefusedEvent,
  UserRevocationReason,
  UserRevokedEvent,
} from "./audit.ts";
export { releaseFollowers } from "./feed/feed-endpoint.ts";
export type { FeedAnswer, FeedEntry } from "./feed/revocation-feed.ts";
export type { TokenAnswer } from "./issue.ts";
export type { KeySetAnswer } from "./keys/key-endpoints.ts";
export type { KeyOptions, SigningAlgorithm } from "./keys/key-options.ts";
export type { PublishedKey } from "./keys/key-pair.ts";
export type {
  AudienceOptions,
  OwnClaims,
  PayloadInput,
  RevocationOptions,
  RoleOptions,
  WatchwordOptions,
} from "./options.ts";
export type { ProtectionOptions } from "./protection/protection-options.ts";
export { slidingRateLimits } from "./protection/rate-limit-storage.ts";
export type { RefusalName } from "./refusals.ts";
export type { TokenQuery } from "./token-request.ts";

/** Longer lives than this, in seconds, deserve a revocation feed. */
const longLifeSeconds = 3600;

/**
 * The Better Auth plugin that gives signed-in users a JWT for the API: `GET /token`, header `typ: at+jwt`. By default it is
 * signed with HS256; with `keys`, by a key pair that `/jwks` publishes. With `revocation` verifiers learn from
 * `GET /revocations` what has ended.
 *
 * The shared key is derived from Better Auth's secret and opens nothing else: a JWT signed with the secret itself is also a
 * valid e-mail-verification token.
 *
 * Endpoints on the server: `auth.api.getToken({ headers, query })`; with `keys` also `auth.api.rotateSigningKey({ body })`.
 * Where `tokenPath` is given, the name is `auth.api.getApiToken`: Better Auth's own `jwt()` has the other one.
 *
 * @throws ConfigurationError for options that cannot be right, and from `auth.$context` for a secret, a session store or
 *   another plugin that it cannot work with. Await `auth.$context` at the start so that this stops it.
 */
export function watchword<const Options extends WatchwordOptions>(
  options: Options,
): WatchwordPlugin<Options> {
  const policy = checkOptions(options);
  const limits = rateLimits(policy);
  const hooks = protectionHooks(policy.protection, policy.clock);
  const endpoints = {
    ...tokenEndpoints(policy),
    ...(policy.keys && keyEndpoints(policy.keys)),
    ...(policy.revocation && { getRevocations: feedEndpoint() }),
  };
  return {
    id: "watchword",
    init(ctx: AuthContext) {
      limits.heed(ctx);
      refuseStatelessSessions(ctx);
      refuseMovingAddress(ctx);
      refuseSharedPaths(ctx, endpoints);
      adviseOnLongLife(policy, ctx);
      adviseOnIssuer(policy, ctx);
      adviseOnVersion(ctx);
      const issuer = startIssuer(policy, ctx);
      const user = policy.protection.userFields ? boundedUsers : {};
      return {
        context: issuerContext(issuer),
        options: { databaseHooks: { user, ...sessionEvents(issuer.report) } },
      };
    },
    schema: {
      ...(policy.revocation && revocationSchema),
      ...(policy.keys && keySchema),
    },
    rateLimit: limits.rules,
    endpoints: endpoints as EndpointsOf<Options>,
    onResponse: answered(policy),
    hooks: { before: hooks.before, after: [...hooks.after, ...(refusedSignIns.after ?? [])] },
  };
}

type TokenEndpoint<Path extends string> = ReturnType<typeof tokenEndpoint<Path>>;

/** The endpoints that follow from the options, for the types of `auth.api`. */
type EndpointsOf<Options extends WatchwordOptions> = (Options extends {
  tokenPath: infer Path extends string;
}
  ? { getApiToken: TokenEndpoint<Path> }
  : { getToken: TokenEndpoint<typeof defaultTokenPath> }) &
  (Options extends { keys: object } ? ReturnType<typeof keyEndpoints> : unknown) &
  (Options extends { revocation: true | object }
    ? { getRevocations: ReturnType<typeof feedEndpoint> }
    : unknown);

/** What {@link watchword} gives to Better Auth. */
export interface WatchwordPlugin<Options extends WatchwordOptions = WatchwordOptions> {
  id: "watchword";
  init(ctx: AuthContext): { context: Record<string, unknown>; options: Partial<BetterAuthOptions> };
  schema: NonNullable<BetterAuthPlugin["schema"]>;
  rateLimit: NonNullable<BetterAuthPlugin["rateLimit"]>;
  endpoints: EndpointsOf<Options>;
  onResponse: typeof endConnection;
  hooks: NonNullable<BetterAuthPlugin["hooks"]>;
}

/** What is done to answers: a bad `Location` is replaced, and a follower's connection is ended. */
function answered({ protection, revocation }: IssuerPolicy): typeof endConnection {
  return async (response, context) => {
    const safe = protection.redirects ? checkLocation(response, context) : undefined;
    if (safe !== undefined) return { response: safe };
    return revocation ? endConnection(response, context) : undefined;
  };
}

function tokenEndpoints({ tokenPath }: IssuerPolicy) {
  const endpoint = tokenEndpoint(tokenPath);
  return tokenPath === defaultTokenPath ? { getToken: endpoint } : { getApiToken: endpoint };
}

/** Without a store the session lives in the cookie alone and a sign-out ends nothing. */
function refuseStatelessSessions({ options }: AuthContext): void {
  if (options.database || options.secondaryStorage) return;
  throw new ConfigurationError(
    "watchword() needs sessions in a store: give Better Auth a database or a secondaryStorage.",
  );
}

/** Without one Better Auth takes its own address, and with it the trusted origin, from the `Host` of a request. */
function refuseMovingAddress({ options }: AuthContext): void {
  if (options.baseURL) return;
  throw new ConfigurationError(
    "watchword() needs Better Auth at a fixed address: set baseURL or BETTER_AUTH_URL.",
  );
}

/** Better Auth would let the last listed plugin answer in `auth.api` and the first one the request. */
function refuseSharedPaths(
  { options }: AuthContext,
  endpoints: Readonly<Record<string, { path?: string }>>,
): void {
  const names = Object.keys(endpoints);
  const paths = Object.values(endpoints).map(({ path }) => path);
  const others = (options.plugins ?? []).filter(({ endpoints: given }) => given !== endpoints);
  for (const { id, endpoints: theirs = {} } of others) {
    for (const [name, { path }] of Object.entries(theirs)) {
      if (!names.includes(name) && (path === undefined || !paths.includes(path))) continue;
      throw new ConfigurationError(
        `watchword() and the plugin ${id} both answer GET ${path ?? name}. Remove one of them, or set ${path === undefined || path.includes("jwks") ? "keys.jwksPath" : "tokenPath"}.`,
      );
    }
  }
}

/** An API that reads its settings from the environment expects the origin of `BETTER_AUTH_URL`. */
function adviseOnIssuer({ issuer }: IssuerPolicy, { baseURL, logger }: AuthContext): void {
  const { origin } = new URL(baseURL);
  if (issuer === origin) return;
  logger.warn(
    `[watchword] issuer is ${issuer}, and the origin of baseURL is ${origin}. An API that takes its issuer from BETTER_AUTH_URL refuses these tokens: set issuer to ${origin}, or give the API the same issuer.`,
  );
}

function adviseOnLongLife({ longestTtlSeconds, revocation }: IssuerPolicy, { logger }: AuthContext): void {
  if (longestTtlSeconds <= longLifeSeconds || revocation) return;
  logger.warn(
    `[watchword] Tokens live ${longestTtlSeconds} seconds and nothing ends them before: shorten ttlSeconds to ${longLifeSeconds} or less, or switch the revocation feed on.`,
  );
}
