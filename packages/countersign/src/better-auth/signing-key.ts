import type { AuthContext } from "better-auth";
import { ConfigurationError } from "../core/errors.ts";
import { checkSecret, deriveKey, keyId } from "../core/keys.ts";
import { createVerifier, type Verifier } from "../core/verify.ts";
import type { IssuerPolicy } from "./options.ts";

/** The key that signs, its `kid`, and a verifier as the API has one. */
export interface SigningKey {
  readonly key: string;
  readonly keyId: string;
  readonly verifier: Verifier;
}

/** How Better Auth holds its secret, or its numbered secrets. */
export type SecretConfig = AuthContext["secretConfig"];

/** {@link signingKey} for one policy, worked out once as long as Better Auth's secret stays the same. */
export function signingKeys(policy: IssuerPolicy): (secretConfig: SecretConfig) => SigningKey {
  let last: { secretConfig: SecretConfig; signing: SigningKey } | undefined;
  return (secretConfig) => {
    if (last?.secretConfig !== secretConfig)
      last = { secretConfig, signing: signingKey(policy, secretConfig) };
    return last.signing;
  };
}

/**
 * The key that signs under a configuration of Better Auth: the independent one when given, else the one derived from the
 * current secret. With `BETTER_AUTH_SECRETS` the current version signs; older ones and a legacy secret never do.
 *
 * @throws ConfigurationError for a secret that protects nothing, and for a key that is Better Auth's own secret: a token
 *   signed with that is a valid e-mail-verification token as well
 */
function signingKey(policy: IssuerPolicy, secretConfig: SecretConfig): SigningKey {
  const { issuer, audience, clock, key: independentKey } = policy;
  const { secret, setting } = currentSecret(secretConfig);
  checkSecret(secret, setting);
  if (independentKey !== undefined && allSecrets(secretConfig).includes(independentKey)) {
    throw new ConfigurationError(
      "COUNTERSIGN_KEY is the same as Better Auth's secret. Leave it out, or set it to other random characters.",
    );
  }
  const key = independentKey ?? deriveKey(secret);
  return { key, keyId: keyId(key), verifier: createVerifier({ issuer, audience, key, clock }) };
}

function currentSecret(config: SecretConfig): { secret: string; setting: string } {
  if (typeof config === "string") return { secret: config, setting: "BETTER_AUTH_SECRET" };
  const setting = `Version ${config.currentVersion} of BETTER_AUTH_SECRETS`;
  return { secret: config.keys.get(config.currentVersion) ?? "", setting };
}

function allSecrets(config: SecretConfig): (string | undefined)[] {
  return typeof config === "string" ? [config] : [...config.keys.values(), config.legacySecret];
}
