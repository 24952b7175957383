import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, vi } from "vitest";

/** A database of a test file's own. */
export interface Store {
  readonly databaseUrl: string;
  remove(): Promise<void>;
}

export const storeNames = ["SQLite", "PostgreSQL"] as const;
export type StoreName = (typeof storeNames)[number];

const open: Record<StoreName, () => Promise<Store>> = {
  async SQLite() {
    const folder = mkdtempSync(path.join(tmpdir(), "watchword-web-"));
    return {
      databaseUrl: `file:${folder}/made by the start`,
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },

  async PostgreSQL() {
    const name = `watchword_web_${randomBytes(6).toString("hex")}`;
    await asAdministrator(`CREATE DATABASE ${name}`);
    const url = new URL(administratorUrl());
    url.pathname = `/${name}`;
    return {
      databaseUrl: url.href,
      remove: async () => asAdministrator(`DROP DATABASE ${name} WITH (FORCE)`),
    };
  },
};

/** An empty database; the caller removes it. */
export const openStore = (name: StoreName): Promise<Store> => open[name]();

/** The PostgreSQL server that the tests may make databases on. */
export function administratorUrl(): string {
  const url = process.env["WATCHWORD_TEST_POSTGRES"];
  if (url) return url;
  throw new Error(
    "WATCHWORD_TEST_POSTGRES is not set: set it to the address of a PostgreSQL server whose user may create databases, such as postgres://root@127.0.0.1:5432/postgres, or run npm test, which starts one.",
  );
}

export async function asAdministrator(statement: string): Promise<void> {
  const client = new Client({ connectionString: administratorUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The settings of the application in these tests, `DATABASE_URL` aside. */
export const environment = {
  BETTER_AUTH_SECRET: "kR2vB7xQ9mW4tY8uZ1pL6nD3sF5gH0jC",
  BETTER_AUTH_URL: "https://app.example.com",
  NEXT_PUBLIC_API_URL: "https://api.example.com",
  COOKIE_DOMAIN: "example.com",
};

/** Loads the application's modules afresh with these settings, as a new process would. */
export async function freshAuth(settings: Readonly<Record<string, string>>) {
  vi.resetModules();
  vi.unstubAllEnvs();
  for (const name of ["watchwordAuth", "watchwordAuthDatabase"]) Reflect.deleteProperty(globalThis, name);
  for (const [name, value] of Object.entries({ ...environment, ...settings })) vi.stubEnv(name, value);
  return await import("../lib/auth.ts");
}

export type AuthModule = Awaited<ReturnType<typeof freshAuth>>;

export interface PreparedStore extends Store {
  readonly name: StoreName;
  readonly auth: AuthModule["auth"];
  readonly prepareAuth: AuthModule["prepareAuth"];
}

/** Runs the same facts on each store, with Better Auth prepared on it. */
export function describeStores(
  subject: string,
  facts: (stage: () => PreparedStore) => void,
  settings: Readonly<Record<string, string>> = {},
): void {
  describe.each(storeNames)(`${subject} on %s`, (name) => {
    let prepared: PreparedStore | undefined;
    beforeAll(async () => {
      const store = await openStore(name);
      const { auth, prepareAuth } = await freshAuth({ DATABASE_URL: store.databaseUrl, ...settings });
      await prepareAuth();
      prepared = { ...store, name, auth, prepareAuth };
    });
    afterAll(async () => {
      vi.unstubAllEnvs();
      await prepared?.remove();
    });
    facts(() => {
      if (!prepared) throw new Error("The store is opened before the first fact.");
      return prepared;
    });
  });
}

/** Sends a request to Better Auth's handler as the browser would. */
export function authRequest(auth: AuthModule["auth"], pathname: string, init: AuthRequestInit = {}) {
  return auth().handler(
    new Request(`https://app.example.com/api/auth${pathname}`, {
      method: init.body ? "POST" : "GET",
      headers: {
        ...(init.body ? { "content-type": "application/json", origin: "https://app.example.com" } : {}),
        ...(init.cookie ? { cookie: init.cookie } : {}),
      },
      ...(init.body ? { body: JSON.stringify(init.body) } : {}),
    }),
  );
}

interface AuthRequestInit {
  readonly body?: unknown;
  readonly cookie?: string;
}

export const cookieOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
