import type { Clock } from "../clock.ts";
import type { JsonObject } from "../encoding/strict-json.ts";
import type { RefusalCode } from "../errors.ts";
import type { Algorithm } from "../keys/algorithms.ts";
import type { FetchKeys } from "../keys/fetch-key-set.ts";
import type { SharedKey } from "../keys/key-set.ts";
import type { KeySetEvent } from "../keys/key-set-events.ts";
import type { RevocationSource } from "./revocation.ts";
import type { StandardSchemaV1 } from "./standard-schema.ts";

/** What the operator learns of a refused token: never the token, and of the values of claims only `aud` and `iss`. */
export interface RejectEvent {
  readonly code: RefusalCode;
  /** Name of the claim that was refused. */
  readonly claim?: string;
  /** `alg` as the header says it: printable ASCII, at most 64 characters. */
  readonly alg?: string;
  /** `kid` as the header says it: printable ASCII, at most 64 characters. */
  readonly kid?: string;
  /** `audience` of the refusal: which audience the token names. Absent where the payload cannot be read. */
  readonly audience?: string;
  /** `expectedAudience` of the refusal: which audiences the verifier accepts. */
  readonly expectedAudience?: string;
  /** `issuer` of the refusal: which issuer the token names. Present where the code is `wrong_issuer`. */
  readonly issuer?: string;
  /** `expectedIssuer` of the refusal: which issuers the verifier accepts. */
  readonly expectedIssuer?: string;
  /** Seconds since 1970. */
  readonly at: number;
}

/** How many verified tokens are remembered. */
export interface CacheOptions {
  /** At least 1. Default 10000. */
  readonly maxEntries: number;
}

/**
 * Configuration of a verifier. Defaults are those of `contract/defaults.json`. At least one source of keys is needed:
 * `secret`, `key`, `jwks` or `jwksUrl`; each key verifies the tokens of one algorithm only.
 *
 * @typeParam C what `identity.claims` is.
 */
export type VerifierOptions<C = JsonObject> = CommonOptions<C> & (AudienceOption | RawSecretOption);

/** The usual case: tokens name the API that they are for. */
interface AudienceOption {
  /**
   * The expected `aud`, or several; a token needs one of them. `null`, spelled out, accepts every audience, and needs
   * `key`, `jwks` or `jwksUrl`: a key is derived from `secret` for one audience.
   */
  readonly audience: string | readonly string[] | null;
  readonly unsafeRawSecret?: false | undefined;
}

/** Tokens of `watchword({ unsafeRawSecret: true })`, signed with `BETTER_AUTH_SECRET` itself. */
interface RawSecretOption {
  /** Default `null`: tokens of raw mode need no `aud`. */
  readonly audience?: string | readonly string[] | null | undefined;
  /**
   * Verifies with `secret` itself instead of a derived key, for tokens without `kid`. Any holder of that secret can make
   * sessions: prefer `WATCHWORD_KEY`. It takes one secret and no `key`.
   */
  readonly unsafeRawSecret: true;
}

interface CommonOptions<C> {
  /** The expected `iss`, or several of which one is enough, byte for byte. `null`, spelled out, accepts every issuer. */
  readonly issuer: string | readonly string[] | null;
  /** `BETTER_AUTH_SECRET`, at least 32 characters, or several. A key is derived from each for each audience. */
  readonly secret?: string | readonly string[];
  /** `WATCHWORD_KEY`: the key itself, at least 32 characters, or several. Keys derived from `secret` verify beside it. */
  readonly key?: string | readonly (string | SharedKey)[];
  /** Public keys given directly (RFC 7517 §5). */
  readonly jwks?: { readonly keys: readonly JsonObject[] };
  /** Where public keys are published: `https:`, or `http:` on this machine. */
  readonly jwksUrl?: string;
  /** Lets `jwksUrl` be `http:` on another machine, where whoever stands between can replace the keys. Default false. */
  readonly allowHttp?: boolean | undefined;
  /** How `jwksUrl` is asked. Default: the global `fetch`. */
  readonly fetch?: FetchKeys;
  /** Accepted `alg`. Default: `HS256` for shared keys; `EdDSA`, `ES256`, `RS256`, `PS256` for public keys. */
  readonly algorithms?: readonly Algorithm[];
  /**
   * Accepted `typ`, `null` for a token without one. Default: `at+jwt` for tokens of shared keys; none, `JWT`, `at+jwt`
   * for tokens of public keys.
   */
  readonly acceptedTypes?: readonly (string | null)[];
  /** Claims demanded beyond `iss`, `aud` (unless switched off), `sub`, `exp` and `iat`, which always are. */
  readonly requiredClaims?: readonly string[];
  /** What own claims must look like: a Standard Schema. Its output becomes `identity.claims`. */
  readonly claims?: StandardSchemaV1<unknown, C>;
  /** Asked on every request whether token, session or user have been revoked. */
  readonly revocation?: RevocationSource | undefined;
  /** Memory of verified tokens, `false` for none. Default `{ maxEntries: 10_000 }`. */
  readonly cache?: CacheOptions | false;
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
  /** Called for every change in how `jwksUrl` answers, once each. What it throws is ignored. */
  readonly onEvent?: ((event: KeySetEvent) => void) | undefined;
}
