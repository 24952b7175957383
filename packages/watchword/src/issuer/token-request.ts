import type { StandardSchemaV1 } from "../token/standard-schema.ts";
import type { AudiencePolicy, IssuerPolicy } from "./options.ts";
import { TokenRefusal } from "./refusals.ts";

/** The query of the token endpoint. */
export interface TokenQuery {
  /** One of the configured audiences (RFC 8707 §2). Default: the first. */
  readonly audience?: string | undefined;
  /** A part of what is granted, words separated by spaces (RFC 6749 §3.3). Default: all of it. */
  readonly scope?: string | undefined;
  /** A shorter life than the audience's, in whole seconds from 60. Default: the audience's. */
  readonly ttlSeconds?: number | string | undefined;
}

/** Types the query for `auth.api`; {@link requestedToken} judges it, so that a refusal has its code. */
export const tokenQuery: StandardSchemaV1<TokenQuery | undefined, TokenQuery | undefined> = {
  "~standard": { version: 1, vendor: "watchword", validate: (value) => ({ value: value as TokenQuery }) },
};

/** What a request asks for. */
export interface RequestedToken {
  readonly audience: AudiencePolicy;
  /** `undefined`: everything that is granted. */
  readonly scopes: readonly string[] | undefined;
  /** At most the audience's. */
  readonly ttlSeconds: number;
}

/** The shortest life of a token, in seconds (`contract/defaults.json`). */
const shortestTtlSeconds = 60;

/** @throws TokenRefusal `UNKNOWN_AUDIENCE`; `INVALID_SCOPE` for a string that lists no scopes; `INVALID_TTL` */
export function requestedToken({ audiences }: IssuerPolicy, query: unknown): RequestedToken {
  const { audience: name, scope, ttlSeconds } = (query ?? {}) as Record<string, unknown>;
  const audience = name === undefined ? audiences[0] : audiences.find((one) => one.name === name);
  if (audience === undefined) throw new TokenRefusal("UNKNOWN_AUDIENCE");
  const life = requestedLife(ttlSeconds, audience);
  if (scope === undefined) return { audience, scopes: undefined, ttlSeconds: life };
  const words = typeof scope === "string" ? scope.split(" ") : [];
  if (words.length === 0 || words.includes("")) throw new TokenRefusal("INVALID_SCOPE");
  return { audience, scopes: [...new Set(words)], ttlSeconds: life };
}

function requestedLife(requested: unknown, { ttlSeconds }: AudiencePolicy): number {
  if (requested === undefined) return ttlSeconds;
  const life = /^[0-9]{1,6}$/.test(String(requested)) ? Number(requested) : 0;
  if (life >= shortestTtlSeconds && life <= ttlSeconds) return life;
  throw new TokenRefusal("INVALID_TTL");
}
