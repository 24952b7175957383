import { bareEnvironment } from "./server-process.ts";
import type { Realm } from "./token.ts";

/** What both servers of an application are told. */
export interface WebEnvironmentOptions {
  readonly realm: Realm;
  readonly databaseUrl: string;
  readonly webPort: number;
  readonly apiPort: number;
}

/** The environment of both servers in production: nothing but what the options say. */
export function webEnvironment(options: WebEnvironmentOptions): Record<string, string> {
  return {
    ...bareEnvironment(),
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
    HOST: "127.0.0.1",
    WEB_PORT: String(options.webPort),
    API_PORT: String(options.apiPort),
    BETTER_AUTH_SECRET: options.realm.secret,
    BETTER_AUTH_URL: options.realm.issuer,
    NEXT_PUBLIC_API_URL: options.realm.audience,
    API_AUDIENCE: options.realm.audience,
    CORS_ORIGINS: options.realm.issuer,
    REVOCATION: "feed",
    DATABASE_URL: options.databaseUrl,
    SHOW_VERIFICATION: "1",
    // Many people sign in from one address here.
    SIGN_IN_ATTEMPTS_PER_MINUTE: "1000",
  };
}
