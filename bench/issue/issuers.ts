import { DatabaseSync } from "node:sqlite";
import { type AuthContext, type BetterAuthPlugin, betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { jwt } from "better-auth/plugins";
import { type WatchwordOptions, watchword } from "watchword/better-auth";
import type { Contender } from "../measure/rounds.ts";

const issuer = "https://app.test";
const audience = "https://api.test";
const secret = "q7RkX2vN9pLw4TzB8mHc3YdJ6sGf1aUe";

/** A contender and what the database is asked for one token. */
export interface IssuingContender extends Contender {
  readonly queries: number;
}

/** Plugins of one issuer; `bare` has one that reads the session and makes no token. */
export interface IssuerSetup {
  readonly name: string;
  readonly official?: true;
  readonly bare?: true;
  readonly options?: Partial<WatchwordOptions>;
}

/** What any plugin pays that answers in `onRequest` for a session that Better Auth has read. */
const sessionReader = {
  id: "session-reader",
  async onRequest(request: Request, { internalAdapter }: AuthContext) {
    const [, sessionToken] = /session_token=([^.;]+)/.exec(request.headers.get("cookie") ?? "") ?? [];
    if (sessionToken === undefined) return;
    const found = await internalAdapter.findSession(sessionToken);
    return { response: new Response(JSON.stringify({ userId: found?.user.id })) };
  },
} satisfies BetterAuthPlugin;

function pluginsOf({ official, bare, options }: IssuerSetup) {
  if (official) return [jwt({ jwt: { issuer, audience } })];
  if (bare) return [sessionReader];
  return [watchword({ issuer, audience, ...options })];
}

/** Better Auth on SQLite in memory with one signed-in user, who asks for tokens over and over. */
export async function issuingContender(setup: IssuerSetup): Promise<IssuingContender> {
  const database = new DatabaseSync(":memory:");
  const options = {
    baseURL: issuer,
    secret,
    database,
    emailAndPassword: { enabled: true },
    logger: { disabled: true },
    // On, as in production, and never reached.
    rateLimit: {
      enabled: true,
      window: 10,
      max: 1_000_000_000,
      customRules: { "/sign-up/*": false as const },
    },
    telemetry: { enabled: false },
    plugins: pluginsOf(setup),
  };
  await (await getMigrations(options)).runMigrations();
  const auth = betterAuth(options);
  const cookie = await signUp(auth);
  const ask = async () => {
    const headers = { cookie, "x-forwarded-for": "192.0.2.1" };
    const response = await auth.handler(new Request(`${issuer}/api/auth/token`, { headers }));
    if (response.status !== 200) throw new Error(`${setup.name}: ${response.status}`);
    await response.text();
  };
  await ask();
  return {
    name: setup.name,
    queries: await queriesOf(database, ask),
    async run(times) {
      for (let call = 0; call < times; call += 1) await ask();
    },
  };
}

async function signUp(auth: { handler(request: Request): Promise<Response> }): Promise<string> {
  const body = JSON.stringify({ email: "ada@app.test", password: "correct horse battery", name: "Ada" });
  const headers = { "content-type": "application/json", origin: issuer };
  const request = new Request(`${issuer}/api/auth/sign-up/email`, { method: "POST", headers, body });
  const response = await auth.handler(request);
  return response.headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
}

async function queriesOf(database: DatabaseSync, ask: () => Promise<void>): Promise<number> {
  const prepare = database.prepare.bind(database);
  let queries = 0;
  database.prepare = (sql) => {
    queries += 1;
    return prepare(sql);
  };
  await ask();
  database.prepare = prepare;
  return queries;
}
