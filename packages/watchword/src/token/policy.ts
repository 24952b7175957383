import { withoutSlash } from "../address.ts";
import { type Clock, systemClock } from "../clock.ts";
import { ConfigurationError } from "../errors.ts";
import type { Algorithm } from "../keys/algorithms.ts";
import type { KeySet } from "../keys/key-set.ts";
import { configuredKeys } from "./configured-keys.ts";
import { tokenType } from "./jws.ts";
import { KnownHeaders } from "./known-headers.ts";
import type { RevocationSource } from "./revocation.ts";
import type { StandardSchemaV1 } from "./standard-schema.ts";
import { TokenCache } from "./token-cache.ts";
import type { RejectEvent, VerifierOptions } from "./verifier-options.ts";

/** Accepted `typ` by the kind of key that signed; `null` is a token without one. */
export interface AcceptedTypes {
  readonly shared: readonly (string | null)[];
  readonly published: readonly (string | null)[];
}

/** The options once checked, every default filled in. */
export interface Policy<C> {
  readonly issuers: readonly string[] | null;
  readonly audience: readonly string[] | null;
  readonly keys: KeySet;
  readonly algorithms: readonly Algorithm[];
  readonly acceptedTypes: AcceptedTypes;
  readonly knownHeaders: KnownHeaders;
  readonly requiredClaims: readonly string[];
  readonly claims: StandardSchemaV1<unknown, C> | undefined;
  readonly revocation: RevocationSource | undefined;
  readonly cache: TokenCache | undefined;
  readonly clockToleranceSeconds: number;
  readonly maxLifetimeSeconds: number;
  readonly maxTokenBytes: number;
  readonly maxJsonDepth: number;
  readonly clock: Clock;
  readonly onReject: ((event: RejectEvent) => void) | undefined;
}

/** Without `typ` and `JWT`: what the official plugin of Better Auth issues. */
const publishedTypes = [null, "JWT", tokenType];

/** @throws ConfigurationError for options that cannot be right. */
export function checkOptions<C>(options: VerifierOptions<C>): Policy<C> {
  const { acceptedTypes: types, requiredClaims = [], clock = systemClock } = options;
  const { cache = { maxEntries: 10_000 }, clockToleranceSeconds = 5, maxLifetimeSeconds = 604_800 } = options;
  const { maxTokenBytes = 8192, maxJsonDepth = 16 } = options;
  const isOwnIssuer = options.jwks === undefined && options.jwksUrl === undefined;
  const issuers = names(options.issuer, "issuer", "iss", isOwnIssuer);
  const { unsafeRawSecret = false } = options;
  if (typeof unsafeRawSecret !== "boolean") {
    throw new ConfigurationError("unsafeRawSecret must be true or false.");
  }
  const named = unsafeRawSecret ? (options.audience ?? null) : options.audience;
  const audience = names(named, "audience", "aud", isOwnIssuer);
  const given = types === undefined ? undefined : checkedTypes(types);
  return {
    issuers,
    audience,
    ...configuredKeys(options, audience, clock),
    acceptedTypes: { shared: given ?? [tokenType], published: given ?? publishedTypes },
    knownHeaders: new KnownHeaders(),
    requiredClaims: allRequiredClaims(
      issuers,
      audience,
      requiredClaims,
      options.revocation?.requiredClaims ?? [],
    ),
    claims: checkSchema(options.claims),
    revocation: checkRevocation(options.revocation),
    cache: cache === false ? undefined : new TokenCache(cacheEntries(cache)),
    clockToleranceSeconds: bounded(clockToleranceSeconds, "clockToleranceSeconds", 0, 60),
    maxLifetimeSeconds: bounded(maxLifetimeSeconds, "maxLifetimeSeconds", 1, 31_536_000),
    maxTokenBytes: bounded(maxTokenBytes, "maxTokenBytes", 64, 65_536),
    maxJsonDepth: bounded(maxJsonDepth, "maxJsonDepth", 1, 64),
    clock,
    onReject: options.onReject,
  };
}

/** The plugin writes an origin without the slash at its end; another issuer, whose keys are public, may write it. */
function names(
  value: unknown,
  option: string,
  claim: string,
  isOwnIssuer: boolean,
): readonly string[] | null {
  if (value === null) return null;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > 0 && list.every(isName)) {
    return isOwnIssuer ? [...new Set([...list, ...list.map(withoutSlash)])] : [...list];
  }
  throw new ConfigurationError(
    `${option} must be the text that tokens carry as ${claim}, a list of such texts, or null to accept every ${option}.`,
  );
}

function allRequiredClaims(
  issuers: readonly string[] | null,
  audience: readonly string[] | null,
  additional: readonly string[],
  forRevocation: readonly string[],
): readonly string[] {
  if (!Array.isArray(additional) || !additional.every((name) => typeof name === "string" && name !== "")) {
    throw new ConfigurationError("requiredClaims must be a list of names of claims.");
  }
  const always = [
    ...(issuers === null ? [] : ["iss"]),
    ...(audience === null ? [] : ["aud"]),
    "sub",
    "exp",
    "iat",
  ];
  return [...new Set([...always, ...additional, ...forRevocation])];
}

function checkSchema<C>(
  schema: StandardSchemaV1<unknown, C> | undefined,
): StandardSchemaV1<unknown, C> | undefined {
  if (schema === undefined || typeof schema?.["~standard"]?.validate === "function") return schema;
  throw new ConfigurationError("claims must be a schema that follows Standard Schema, such as one of zod.");
}

function checkRevocation(source: RevocationSource | undefined): RevocationSource | undefined {
  if (source === undefined || typeof source?.isRevoked === "function") return source;
  throw new ConfigurationError("revocation must have a function isRevoked.");
}

function cacheEntries(cache: { readonly maxEntries: number }): number {
  const entries = bounded(cache?.maxEntries, "cache.maxEntries", 2, 1_000_000);
  if (Number.isInteger(entries)) return entries;
  throw new ConfigurationError("cache.maxEntries must be a whole number.");
}

function checkedTypes(types: readonly (string | null)[]): readonly (string | null)[] {
  const isType = (one: unknown) => one === null || (typeof one === "string" && one !== "");
  if (Array.isArray(types) && types.length > 0 && types.every(isType)) return [...types];
  throw new ConfigurationError("acceptedTypes must list at least one value, each a text or null.");
}

function bounded(value: unknown, name: string, min: number, max: number): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw new ConfigurationError(`${name} must be a number from ${min} to ${max}.`);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value === value.trim();
}
