import { randomBytes } from "node:crypto";
import type { AuthContext } from "better-auth";
import { encodeBase64url } from "../core/base64url.ts";
import { ConfigurationError } from "../core/errors.ts";
import { hmacSha256 } from "../core/hmac.ts";
import { tokenType } from "../core/jws.ts";
import { checkSecret, computeKeyId, deriveKey } from "../core/keys.ts";
import type { VerifierOptions } from "../core/verifier-options.ts";
import { createVerifier } from "../core/verify.ts";
import { claimCheck, plainClaims } from "./claim-check.ts";
import { signWithPrivateKey } from "./keys/key-pair.ts";
import type { RingSigner } from "./keys/key-ring.ts";
import type { AudiencePolicy, IssuerPolicy } from "./options.ts";

/** What makes tokens: a key and its algorithm. */
export interface Signer {
  /** `kid`, for the audit trail too; the raw secret has none of its own and is called `raw`. */
  readonly keyId: string;
  /** The token of these claims. */
  sign(claims: Readonly<Record<string, unknown>>): string;
  /** Whether every verifier would take the claims: throws a WatchwordError when not. */
  check(claims: Readonly<Record<string, unknown>>, token: string): Promise<void>;
}

/** How Better Auth holds its secret, or its numbered secrets. */
export type SecretConfig = AuthContext["secretConfig"];

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
    check: acceptance({ ...policy, audiences: [audience] }, key, (_, token) => token),
  };
}

/** As `signHs256`, with everything that is the same for all tokens of a key worked out once. */
function hs256Signer(key: string, kid: string | undefined): Signer["sign"] {
  const mac = hmacSha256(Buffer.from(key, "utf8"));
  const header = encodeBase64url(JSON.stringify({ alg: "HS256", kid, typ: tokenType }));
  return (claims) => {
    const input = `${header}.${encodeBase64url(JSON.stringify(claims))}`;
    return `${input}.${mac(input)}`;
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

/**
 * A signer of public-key mode. Claims that have to be read are read in a token under a key that nobody has: a public-key
 * signature need not be verified to see whether the claims would be.
 */
export function publicSigners(policy: IssuerPolicy): (signer: RingSigner) => Signer {
  const key = randomBytes(32).toString("base64url");
  const check = acceptance(policy, key, hs256Signer(key, computeKeyId(key)));
  return ({ published, privateKey }) => ({
    keyId: published.kid,
    sign: (claims) => signWithPrivateKey(published, privateKey, claims),
    check,
  });
}

/** `token.max_token_bytes` of the contract. */
const maxTokenBytes = 8192;

/**
 * Whether the API's verifier would take a token. The usual claims are looked at as they are; others as it reads them.
 *
 * @param readable a token of the claims that a verifier with the key can read
 */
function acceptance(
  { issuer, audiences, clock }: IssuerPolicy,
  key: string,
  readable: (claims: Readonly<Record<string, unknown>>, token: string) => string,
): Signer["check"] {
  const names = audiences.map(({ name }) => name).filter((name) => name !== null);
  const audience = names.length < audiences.length ? null : names;
  const options: VerifierOptions = { issuer, audience, key, clock, cache: false };
  const verifier = createVerifier(options);
  const checkClaims = claimCheck(options);
  return async (claims, token) => {
    const plain = plainClaims(claims);
    if (plain === undefined) await verifier.verify(readable(claims, token));
    else checkClaims(plain);
    if (token.length > maxTokenBytes) await verifier.verify(token);
  };
}

function currentSecret(config: SecretConfig): string {
  const [secret, setting] =
    typeof config === "string"
      ? [config, "BETTER_AUTH_SECRET"]
      : [
          config.keys.get(config.currentVersion) ?? "",
          `Version ${config.currentVersion} of BETTER_AUTH_SECRETS`,
        ];
  checkSecret(secret, setting);
  return secret;
}

function allSecrets(config: SecretConfig): readonly string[] {
  if (typeof config === "string") return [config];
  return [...config.keys.values(), ...(config.legacySecret ? [config.legacySecret] : [])];
}
