// A Better Auth issuer in a process of its own: `node issuer-program.ts`, told by `ISSUER` (JSON) what to be.
import { createServer } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { toNodeHandler } from "better-auth/node";
import { admin, jwt } from "better-auth/plugins";
import pg from "pg";
import { type WatchwordOptions, watchword } from "watchword/better-auth";
import { type ClockSettings, realTime, scaledClock } from "./scaled-clock.ts";

/** What an issuer is made of. */
export interface IssuerConfiguration {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  /** `baseURL`: what it says its address is. Replicas share one. */
  readonly address: string;
  readonly audience: string;
  /** A file of SQLite, or a `postgres:` address. */
  readonly database: string;
  /** Options of our plugin; `null` takes Better Auth's own `jwt()` in its place. */
  readonly plugin: Partial<WatchwordOptions> | null;
  /** Options of `jwt()`: how long its keys sign and are published after that, and how long its tokens live; in seconds. */
  readonly official?: {
    readonly rotationSeconds?: number;
    readonly graceSeconds?: number;
    readonly ttlSeconds?: number;
  };
  /** Keeps a session in a cookie for five minutes beside the database, as Better Auth offers. */
  readonly cookieCache?: boolean;
  /** Of our plugin; the rest of Better Auth keeps real time. */
  readonly clock?: ClockSettings;
}

const {
  port,
  address,
  audience,
  database,
  plugin,
  official,
  cookieCache = false,
  clock = realTime,
} = JSON.parse(process.env["ISSUER"] ?? "{}") as IssuerConfiguration;

const store = /^postgres(ql)?:/.test(database)
  ? new pg.Pool({ connectionString: database, max: 5 })
  : new DatabaseSync(database, { timeout: 5000 });

const tokens = plugin
  ? watchword({ issuer: address, audience, revocation: true, clock: scaledClock(clock), ...plugin })
  : jwt({
      jwks: {
        keyPairConfig: { alg: "EdDSA", crv: "Ed25519" },
        ...(official?.rotationSeconds && { rotationInterval: official.rotationSeconds }),
        ...(official?.graceSeconds && { gracePeriod: official.graceSeconds }),
      },
      jwt: { issuer: address, audience, expirationTime: `${official?.ttlSeconds ?? 900}s` },
    });

const options = {
  baseURL: address,
  trustedOrigins: [address],
  database: store,
  emailAndPassword: { enabled: true },
  user: { deleteUser: { enabled: true } },
  session: { cookieCache: { enabled: cookieCache, maxAge: 300 } },
  rateLimit: { enabled: false },
  logger: { level: "error" as const },
  telemetry: { enabled: false },
  plugins: [tokens, admin()],
};

await (await getMigrations(options)).runMigrations();
const auth = betterAuth(options);
await auth.$context;
const answer = toNodeHandler(auth);

const server = createServer((request, response) => {
  if (request.method === "POST" && request.url?.startsWith("/control/rotate")) {
    const compromised = request.url.endsWith("?compromised");
    const { rotateSigningKey } = auth.api as unknown as {
      rotateSigningKey(input: { body: { compromised: boolean } }): Promise<object>;
    };
    rotateSigningKey({ body: { compromised } }).then(
      (made) => response.end(JSON.stringify(made)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
    return;
  }
  if (request.url === "/control/ready") response.end("ready");
  else void answer(request, response);
});
server.listen(port, "127.0.0.1");
process.on("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
  process.exit(0);
});
