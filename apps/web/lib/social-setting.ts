import { ConfigurationError } from "watchword";

export const socialProviders = ["github", "google"] as const;
export type SocialProvider = (typeof socialProviders)[number];

/** The keys of an application registered with a provider. */
export interface SocialKeys {
  readonly clientId: string;
  readonly clientSecret: string;
}

export type SocialSetting = Readonly<Partial<Record<SocialProvider, SocialKeys>>>;

/**
 * Reads `GITHUB_CLIENT_ID` and `GITHUB_CLIENT_SECRET`, and the same of Google.
 * @throws ConfigurationError when only one of a pair is set.
 */
export function socialSetting(env: Readonly<Record<string, string | undefined>>): SocialSetting {
  return Object.fromEntries(
    socialProviders.flatMap((provider) => {
      const [idName, secretName] = [
        `${provider.toUpperCase()}_CLIENT_ID`,
        `${provider.toUpperCase()}_CLIENT_SECRET`,
      ];
      const [clientId, clientSecret] = [env[idName]?.trim(), env[secretName]?.trim()];
      if (!clientId && !clientSecret) return [];
      if (clientId && clientSecret) return [[provider, { clientId, clientSecret }]];
      throw new ConfigurationError(`Set both ${idName} and ${secretName}, or neither.`);
    }),
  );
}

/** The providers whose keys are set, in the order of their buttons. */
export const configuredProviders = (setting: SocialSetting): SocialProvider[] =>
  socialProviders.filter((provider) => setting[provider]);
