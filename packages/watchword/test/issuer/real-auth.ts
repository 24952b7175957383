import { DatabaseSync } from "node:sqlite";
import { type BetterAuthOptions, betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import { type WatchwordOptions, watchword } from "../../src/issuer/index.ts";

export const secret = "q7RkX2vN9pLw4TzB8mHc3YdJ6sGf1aUe";
export const issuer = "https://app.test";
export const audience = "https://api.test";
export const person = { email: "ada@app.test", password: "correct horse battery", name: "Ada" };

/** The plugin's part of the fixture. */
export function plugin(options: Partial<WatchwordOptions> = {}) {
  return watchword({ issuer, audience, ...options });
}

/** Better Auth on a fresh database in memory, with the plugin and whatever the test adds. */
export async function realAuth<Options extends BetterAuthOptions = BetterAuthOptions>(options: Options) {
  const database = new DatabaseSync(":memory:");
  const complete = {
    baseURL: issuer,
    secret,
    emailAndPassword: { enabled: true },
    logger: { disabled: true },
    ...options,
    database,
  };
  await (await getMigrations(complete)).runMigrations();
  const auth = betterAuth(complete);
  await auth.$context;
  return { auth, database };
}

interface Handler {
  handler(request: Request): Promise<Response>;
}

/** `path` is under the base path. The origin is the application's own unless `headers` say otherwise. */
export function ask(auth: Handler, path: string, init: RequestInit = {}): Promise<Response> {
  return auth.handler(new Request(`${issuer}/api/auth${path}`, init));
}

export function post(auth: Handler, path: string, body: unknown, cookie = ""): Promise<Response> {
  const headers = { "content-type": "application/json", origin: issuer, ...(cookie && { cookie }) };
  return ask(auth, path, { method: "POST", headers, body: JSON.stringify(body) });
}

/** Cookies of an answer, as a browser would send them back: the last one of each name. */
export function cookiesOf(response: Response): string {
  const cookies = new Map<string, string>();
  for (const cookie of response.headers.getSetCookie()) {
    const [pair = ""] = cookie.split(";", 1);
    cookies.set(pair.slice(0, pair.indexOf("=")), pair);
  }
  return [...cookies.values()].join("; ");
}

/** Signs a new user up and gives the `Cookie` header of the session. */
export async function signUp(auth: Handler, user = person): Promise<string> {
  const response = await post(auth, "/sign-up/email", user);
  if (response.status !== 200) throw new Error(`sign-up: ${response.status} ${await response.text()}`);
  return cookiesOf(response);
}

export interface Issued {
  readonly token: string;
  readonly expiresAt: number;
  readonly expiresIn: number;
}

/** Asks for a token as the page of the application does. */
export async function issue(auth: Handler, cookie: string): Promise<Issued> {
  const response = await ask(auth, "/token", { headers: { cookie } });
  if (response.status !== 200) throw new Error(`token: ${response.status} ${await response.text()}`);
  return (await response.json()) as Issued;
}

/** Claims of a token whose signature is not in question. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<
    string,
    unknown
  >;
}
