import { type BetterAuthOptions, betterAuth } from "better-auth";
import { admin } from "better-auth/plugins/admin";
import { releaseFollowers, slidingRateLimits, watchword } from "watchword/better-auth";
import { type AuthDatabase, authDatabase } from "./auth-database.ts";
import { logAuthEvent, logAuthMessage } from "./auth-log.ts";
import { migrateAuthTables } from "./auth-migration.ts";
import { configuration } from "./configuration.ts";
import { passwordLength } from "./credentials.ts";
import { sendLink } from "./mail.ts";
import { otherAudience } from "./other-audience.ts";
import { sessionMemory } from "./session-memory.ts";

const secondsPerDay = 86_400;

/** How long a link that was sent by mail is good, in seconds. */
const linkSeconds = 3_600;

/** The settings of Better Auth on a database. */
function authOptions(database: AuthDatabase) {
  const settings = configuration();
  const signInLimit = { window: 60, max: settings.signInAttemptsPerMinute };
  // Each of these sends a letter to somebody.
  const mailLimit = { window: 60, max: Math.min(5, settings.signInAttemptsPerMinute) };
  return {
    appName: "Watchword",
    baseURL: settings.issuer,
    ...(settings.secret !== undefined && { secret: settings.secret }),
    trustedOrigins: [settings.issuer],
    database,
    emailAndPassword: {
      enabled: true,
      minPasswordLength: passwordLength.min,
      maxPasswordLength: passwordLength.max,
      requireEmailVerification: settings.requireEmailVerification,
      sendResetPassword: async ({ user, url }) => sendLink("reset_password", user.email, url),
      resetPasswordTokenExpiresIn: linkSeconds,
      // Whoever knew the old password may be signed in.
      revokeSessionsOnPasswordReset: true,
    },
    emailVerification: {
      sendVerificationEmail: async ({ user, url }) => sendLink("verify_email", user.email, url),
      sendOnSignUp: settings.requireEmailVerification,
      sendOnSignIn: settings.requireEmailVerification,
      autoSignInAfterVerification: true,
      expiresIn: linkSeconds,
    },
    socialProviders: settings.social,
    user: { deleteUser: { enabled: true } },
    session: {
      expiresIn: 7 * secondsPerDay,
      updateAge: secondsPerDay,
      // For pages only: `/token` reads the session from the database.
      cookieCache: { enabled: true, maxAge: 300 },
    },
    rateLimit: {
      customStorage: slidingRateLimits(),
      customRules: {
        "/sign-in/*": signInLimit,
        "/sign-up/*": signInLimit,
        "/request-password-reset": mailLimit,
        "/send-verification-email": mailLimit,
      },
    },
    advanced: {
      // Lists of a user's sessions are cut at 100 otherwise: what is not listed could not be ended.
      database: { defaultFindManyLimit: Number.MAX_SAFE_INTEGER },
      useSecureCookies: settings.issuer.startsWith("https:"),
      ...(settings.cookieDomain && {
        crossSubDomainCookies: { enabled: true, domain: settings.cookieDomain },
      }),
    },
    // Where the browser asks the proxy, tokens are for this server alone: `auth.api.getToken` goes on working.
    disabledPaths: settings.api.mode === "proxy" ? ["/token"] : [],
    databaseHooks: {
      session: { delete: { after: async ({ id }) => sessionMemory.watchwordSessionTokens?.forget(id) } },
    },
    telemetry: { enabled: false },
    logger: { log: logAuthMessage },
    plugins: [
      // Gives users a role, which becomes a claim of their tokens.
      admin(),
      watchword({
        issuer: settings.issuer,
        audience: settings.audience,
        ttlSeconds: settings.tokenTtlSeconds,
        audiences: { [otherAudience]: {} },
        ...(settings.signingKey && { key: settings.signingKey }),
        revocation: settings.revocation,
        protect: true,
        onEvent: logAuthEvent,
      }),
    ],
  } satisfies BetterAuthOptions;
}

const createAuth = () => betterAuth(authOptions(authDatabase()));

type Auth = ReturnType<typeof createAuth>;

// On globalThis: the start, the pages and the routes are bundled apart, and one revocation feed has to know of them all.
const shared = globalThis as typeof globalThis & { watchwordAuth?: Auth };

/** Better Auth with the Watchword plugin. Made at first use, so that a build needs no secret and opens no database. */
export function auth(): Auth {
  shared.watchwordAuth ??= createAuth();
  return shared.watchwordAuth;
}

/**
 * Creates or extends the tables of Better Auth, then lets it and its plugins check that they can work.
 * @throws ConfigurationError when a setting is wrong or the database cannot be used.
 */
export async function prepareAuth(): Promise<void> {
  await migrateAuthTables(configuration().database, authOptions);
  await auth().$context;
}

/** Lets go of the APIs that wait for revocations, so that a server that is told to stop does so at once. */
export async function releaseAuth(): Promise<void> {
  await releaseFollowers(auth());
}
