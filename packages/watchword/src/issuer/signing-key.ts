import { createHmac, randomBytes } from "node:crypto";
import { encodeBase64url } from "../encoding/base64url.ts";
import { parseJsonObject } from "../encoding/strict-json.ts";
import { ConfigurationError, WatchwordError } from "../errors.ts";
import { computeKeyId, deriveKey } from "../keys/keys.ts";
import { checkClaims } from "../token/claims.ts";
import { tokenType } from "../token/jws.ts";
import { checkOptions as checkVerifierOptions } from "../token/policy.ts";
import { signWithPrivateKey } from "./keys/key-pair.ts";
import type { RingSigner } from "./keys/key-ring.ts";
import type { AudiencePolicy, IssuerPolicy } from "./options.ts";
import { allSecrets, currentSecret, type SecretConfig } from "./secret-config.ts";

/** What makes tokens: a key and its algorithm. */
export interface Signer {
  /** `kid`, for the audit trail too; the raw secret has none of its own and is called `raw`. */
  readonly keyId: string;
  /** The token of these claims. */
  sign(claims: Readonly<Record<string, unknown>>): string;
  /** Whether every verifier would take the claims: throws a WatchwordError when not. */
  check(claims: Readonly<Record<string, unknown>>, token: string): void;
}

/** The signer of each audience. */
export type AudienceSigners = ReadonlyMap<AudiencePolicy, Signer>;

/**
 * The signers under a configuration of Better Auth: the independent key of an audience, else the one derived for it from
 * the current secret. With `BETTER_AUTH_SECRETS` the current version signs; older ones and a legacy secret never do.
 *
 * @throws ConfigurationError for a secret that protects nothing, and for a key that is Better Auth's own secret: a token
 *   signed with that is a valid email-verification token as well
 */
export function sharedSigners(policy: IssuerPolicy, secretConfig: SecretConfig): AudienceSigners {
  return new Map(
    policy.audiences.map((audience) => [audience, sharedSigner(policy, audience, secretConfig)]),
  );
}

function sharedSigner(policy: IssuerPolicy, audience: AudiencePolicy, secretConfig: SecretConfig): Signer {
  const [key] = sharedKeys(policy, audience, secretConfig);
  const keyId = policy.rawSecret ? undefined : computeKeyId(key);
  return {
    keyId: keyId ?? "raw",
    sign: hs256Signer(key, keyId),
    check: acceptance({ ...policy, audiences: [audience] }),
  };
}

/** As `signHs256`, with everything that is the same for all tokens of a key worked out once. */
function hs256Signer(key: string, kid: string | undefined): Signer["sign"] {
  const header = encodeBase64url(JSON.stringify({ alg: "HS256", kid, typ: tokenType }));
  return (claims) => {
    const input = `${header}.${encodeBase64url(JSON.stringify(claims))}`;
    return `${input}.${createHmac("sha256", key).update(input, "latin1").digest("base64url")}`;
  };
}

/**
 * The keys that verify the tokens of an audience under a configuration of Better Auth, the one that signs first.
 *
 * @throws ConfigurationError as {@link sharedSigners} says
 */
export function sharedKeys(
  { rawSecret }: IssuerPolicy,
  { name, key }: AudiencePolicy,
  secretConfig: SecretConfig,
): readonly [string, ...string[]] {
  const current = currentSecret(secretConfig);
  const secrets = allSecrets(secretConfig);
  if (key === undefined) {
    const keyOf = (secret: string) => (rawSecret ? secret : deriveKey(secret, name ?? ""));
    return [keyOf(current), ...secrets.filter((secret) => secret !== current).map(keyOf)];
  }
  if (secrets.includes(key)) {
    throw new ConfigurationError(
      "WATCHWORD_KEY is the same as Better Auth's secret. Leave it out, or set it to other random characters.",
    );
  }
  return [key];
}

/** A signer of public-key mode. */
export function publicSigners(policy: IssuerPolicy): (signer: RingSigner) => Signer {
  const check = acceptance(policy);
  return ({ published, privateKey }) => ({
    keyId: published.kid,
    sign: (claims) => signWithPrivateKey(published, privateKey, claims),
    check,
  });
}

/** `token.max_token_bytes` and `token.max_json_depth` of the contract. */
const maxTokenBytes = 8192;
const maxJsonDepth = 16;

/** The verifier's own checks of size, JSON and claims, on what it would read in the token. */
function acceptance({ issuer, audiences, clock }: IssuerPolicy): Signer["check"] {
  const names = audiences.map(({ name }) => name).filter((name) => name !== null);
  const audience = names.length < audiences.length ? null : names;
  // The key is nobody's: a signature that was just made need not be verified.
  const policy = checkVerifierOptions({
    issuer,
    audience,
    key: randomBytes(32).toString("base64url"),
    clock,
  });
  return (claims, token) => {
    if (token.length > maxTokenBytes) throw new WatchwordError("too_large");
    const payload = parseJsonObject(JSON.stringify(claims), maxJsonDepth);
    if (payload === undefined) throw new WatchwordError("malformed");
    checkClaims(payload, policy.audience, policy);
  };
}
