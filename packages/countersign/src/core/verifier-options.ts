import { type Clock, systemClock } from "./clock.ts";
import { ConfigurationError, type RefusalCode } from "./errors.ts";
import { tokenType } from "./jws.ts";
import { type Algorithm, algorithms, createKeySet, type KeySet, sharedKey } from "./key-set.ts";
import { checkKey, checkSecret, deriveKey } from "./keys.ts";

/** What the operator learns of a refused token: never the token, never the value of a claim. */
export interface RejectEvent {
  readonly code: RefusalCode;
  /** Name of the claim that was refused. */
  readonly claim?: string;
  /** Seconds since 1970. */
  readonly at: number;
}

/** Configuration of a verifier. Defaults are those of `contract/defaults.json`. */
export interface VerifierOptions {
  /** The expected `iss`, compared byte for byte. `null`, spelled out, accepts every issuer. */
  readonly issuer: string | null;
  /** The expected `aud`, or several of which one is enough. `null`, spelled out, accepts every audience. */
  readonly audience: string | readonly string[] | null;
  /** `BETTER_AUTH_SECRET`, at least 32 characters. The key is derived from it. */
  readonly secret?: string;
  /** `COUNTERSIGN_KEY`: the key itself, at least 32 characters. When given, it is the only key and `secret` is not used. */
  readonly key?: string;
  /** Accepted `alg`. Default `["HS256"]`. */
  readonly algorithms?: readonly Algorithm[];
  /** Accepted `typ`, `null` for a token without one. Default `["at+jwt"]`. */
  readonly acceptedTypes?: readonly (string | null)[];
  /** Claims demanded beyond `iss`, `aud` (unless switched off), `sub`, `exp` and `iat`, which always are. */
  readonly requiredClaims?: readonly string[];
  /** How far clocks may differ, in seconds, 0–60. Default 5. */
  readonly clockToleranceSeconds?: number;
  /** Longest accepted `exp − iat`, in seconds. Default 604800 (7 days). */
  readonly maxLifetimeSeconds?: number;
  /** Longest accepted token, in bytes. Default 8192. */
  readonly maxTokenBytes?: number;
  /** Deepest accepted JSON in header and payload, in levels. Default 16. */
  readonly maxJsonDepth?: number;
  readonly clock?: Clock;
  /** Called for every refused token. What it throws is ignored: it cannot change the verdict. */
  readonly onReject?: (event: RejectEvent) => void;
}

/** The options once checked, every default filled in. */
export interface Policy {
  readonly issuer: string | null;
  readonly audience: readonly string[] | null;
  readonly keys: KeySet;
  readonly algorithms: readonly Algorithm[];
  readonly acceptedTypes: readonly (string | null)[];
  readonly requiredClaims: readonly string[];
  readonly clockToleranceSeconds: number;
  readonly maxLifetimeSeconds: number;
  readonly maxTokenBytes: number;
  readonly maxJsonDepth: number;
  readonly clock: Clock;
  readonly onReject: (event: RejectEvent) => void;
}

/** @throws ConfigurationError for options that cannot be right. */
export function checkOptions(options: VerifierOptions): Policy {
  const issuer = checkIssuerOption(options.issuer);
  const audience = checkAudienceOption(options.audience);
  return {
    issuer,
    audience,
    keys: createKeySet([sharedKey(keyText(options))]),
    algorithms: checkAlgorithms(options.algorithms ?? algorithms),
    acceptedTypes: nonEmpty(options.acceptedTypes ?? [tokenType], "acceptedTypes"),
    requiredClaims: requiredClaims(issuer, audience, options.requiredClaims ?? []),
    clockToleranceSeconds: bounded(options.clockToleranceSeconds ?? 5, "clockToleranceSeconds", 0, 60),
    maxLifetimeSeconds: bounded(options.maxLifetimeSeconds ?? 604_800, "maxLifetimeSeconds", 1, 31_536_000),
    maxTokenBytes: bounded(options.maxTokenBytes ?? 8192, "maxTokenBytes", 64, 65_536),
    maxJsonDepth: bounded(options.maxJsonDepth ?? 16, "maxJsonDepth", 1, 64),
    clock: options.clock ?? systemClock,
    onReject: options.onReject ?? (() => {}),
  };
}

function keyText({ key, secret }: VerifierOptions): string {
  if (key !== undefined) {
    checkKey(key, "key");
    return key;
  }
  if (secret === undefined) throw new ConfigurationError("Give the verifier a secret or a key.");
  checkSecret(secret, "secret");
  return deriveKey(secret);
}

function checkIssuerOption(issuer: unknown): string | null {
  if (issuer === null || isName(issuer)) return issuer;
  throw new ConfigurationError(
    "issuer must be the text that tokens carry as iss, or null to accept every issuer.",
  );
}

function checkAudienceOption(audience: unknown): readonly string[] | null {
  if (audience === null) return null;
  const list: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
  if (list.length > 0 && list.every(isName)) return [...list];
  throw new ConfigurationError(
    "audience must be the text that tokens carry as aud, a list of such texts, or null to accept every audience.",
  );
}

function checkAlgorithms(accepted: readonly Algorithm[]): readonly Algorithm[] {
  if (Array.isArray(accepted) && accepted.length > 0 && accepted.every((one) => algorithms.includes(one))) {
    return [...accepted];
  }
  throw new ConfigurationError(`algorithms must list at least one of: ${algorithms.join(", ")}.`);
}

function requiredClaims(
  issuer: string | null,
  audience: readonly string[] | null,
  additional: readonly string[],
): readonly string[] {
  const always = [
    ...(issuer === null ? [] : ["iss"]),
    ...(audience === null ? [] : ["aud"]),
    "sub",
    "exp",
    "iat",
  ];
  return [...new Set([...always, ...additional])];
}

function nonEmpty<T>(list: readonly T[], name: string): readonly T[] {
  if (Array.isArray(list) && list.length > 0) return [...list];
  throw new ConfigurationError(`${name} must list at least one value.`);
}

function bounded(value: number, name: string, min: number, max: number): number {
  if (typeof value === "number" && value >= min && value <= max) return value;
  throw new ConfigurationError(`${name} must be a number from ${min} to ${max}.`);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value === value.trim();
}
