import { type BetterAuthOptions, betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { countersign } from "countersign/better-auth";
import { authDatabase } from "./auth-database.ts";
import { logAuthEvent } from "./auth-log.ts";
import { configuration } from "./configuration.ts";
import { passwordLength } from "./credentials.ts";

const secondsPerDay = 86_400;

/** The settings of Better Auth. Opens the database. */
function authOptions() {
  const settings = configuration();
  const signInLimit = { window: 60, max: settings.signInAttemptsPerMinute };
  return {
    appName: "Countersign",
    baseURL: settings.issuer,
    secret: settings.secret,
    trustedOrigins: [settings.issuer],
    database: authDatabase(),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
    },
    session: {
      expiresIn: 7 * secondsPerDay,
      updateAge: secondsPerDay,
      // For pages only: `/token` reads the session from the database.
      cookieCache: { enabled: true, maxAge: 300 },
    },
    rateLimit: { customRules: { "/sign-in/*": signInLimit, "/sign-up/*": signInLimit } },
    advanced: {
      useSecureCookies: settings.issuer.startsWith("https:"),
      ...(settings.cookieDomain && {
        crossSubDomainCookies: { enabled: true, domain: settings.cookieDomain },
      }),
    },
    telemetry: { enabled: false },
    plugins: [
      countersign({
        issuer: settings.issuer,
        audience: settings.audience,
        ttlSeconds: settings.tokenTtlSeconds,
        ...(settings.signingKey && { key: settings.signingKey }),
        revocation: settings.revocation,
        onEvent: logAuthEvent,
      }),
    ],
  } satisfies BetterAuthOptions;
}

const createAuth = () => betterAuth(authOptions());

type Auth = ReturnType<typeof createAuth>;

let instance: Auth | undefined;

/** Better Auth with the Countersign plugin. Made at first use, so that a build needs no secret and opens no database. */
export function auth(): Auth {
  instance ??= createAuth();
  return instance;
}

/**
 * Creates or extends the tables of Better Auth, then lets it and its plugins check that they can work.
 * @throws ConfigurationError when a setting is wrong.
 */
export async function prepareAuth(): Promise<void> {
  // With options of its own: Better Auth looks at its tables as soon as it is made.
  const { runMigrations } = await getMigrations(authOptions());
  await runMigrations();
  await auth().$context;
}
