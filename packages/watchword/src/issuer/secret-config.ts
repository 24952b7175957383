import type { AuthContext } from "better-auth";
import { checkSecret } from "../keys/keys.ts";

/** How Better Auth holds its secret, or its numbered secrets. */
export type SecretConfig = AuthContext["secretConfig"];

/** @throws ConfigurationError for a secret that protects nothing */
export function currentSecret(config: SecretConfig): string {
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

export function allSecrets(config: SecretConfig): readonly string[] {
  if (typeof config === "string") return [config];
  return [...config.keys.values(), ...(config.legacySecret ? [config.legacySecret] : [])];
}
