import type { Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { createVerifier, type FeedState } from "watchword";
import { fixedClock, type MintOptions, mintToken } from "watchword/testing";
import { createApp } from "../src/app.ts";
import type { AskModel } from "../src/chat/model.ts";
import { type DatabaseLocation, openDatabase } from "../src/database/open.ts";
import { createApiServer } from "../src/http/server.ts";
import { type Log, silentLog } from "../src/log.ts";
import { TaskWatchers } from "../src/tasks/watchers.ts";
import { newStore, type StoreName } from "./store.ts";

export const secret = "a-Secret-of-Tests-0123456789-qwertz";
export const issuer = "http://localhost:3000";
const audience = "http://localhost:8000";

/** When every test starts, in seconds since 1970: 2026-01-02T03:04:05.678Z. */
const startSeconds = 1767323045.678;

export interface TestApiOptions {
  authFailuresPerMinute?: number;
  showVerification?: boolean;
  log?: Log;
  /** The store of this run unless said otherwise. */
  store?: StoreName;
  poolSize?: number;
  /** Where to open the database instead of at the store itself. */
  location?: DatabaseLocation;
  /** The state of the feed of revocations; none is followed unless said otherwise. */
  revocation?: FeedState;
  /** The language model of the assistant; none unless said otherwise. */
  askModel?: AskModel;
}

/** The store of this run, as vitest.config.ts sets it. */
export function projectStore(): StoreName {
  return process.env["API_TEST_STORE"] === "postgres" ? "postgres" : "sqlite";
}

export type TestApi = Awaited<ReturnType<typeof startApi>>;

/** The whole API behind a real server on a free port, with a clock that stands still and a fresh database. */
export async function startApi(options: TestApiOptions = {}) {
  const clock = fixedClock(startSeconds);
  const store = await newStore(options.store ?? projectStore(), options.poolSize);
  const log = options.log ?? silentLog;
  const database = await openDatabase(options.location ?? store.location, clock, log);
  const watchers = new TaskWatchers({ database, clock, log, pollMilliseconds: 20 });
  const app = createApp({
    verifier: createVerifier({ issuer, audience, secret, clock }),
    database,
    watchers,
    corsOrigins: [issuer],
    authFailuresPerMinute: options.authFailuresPerMinute ?? 1000,
    showVerification: options.showVerification ?? false,
    askModel: options.askModel ?? null,
    clock,
    ...(options.revocation && {
      revocation: {
        status: () => ({ state: options.revocation ?? "loading", entries: 0, lastAnswerAt: null }),
      },
    }),
    log,
  });
  const server = createApiServer(app);
  const port = await listen(server);
  const origin = `http://127.0.0.1:${port}`;

  const tokenOf = (sub: string, claims: Partial<MintOptions> = {}) =>
    mintToken({ iss: issuer, aud: audience, secret, clock, sub, ...claims });

  /** Ends the server and removes the store; the database is closed by then. */
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await store.remove();
  };

  return {
    app,
    clock,
    database,
    store,
    watchers,
    port,
    tokenOf,
    fetch: (path: string, init?: RequestInit) => fetch(`${origin}${path}`, init),

    /** One request of a user; a body that is no text is sent as JSON. */
    as(sub: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      return fetch(`${origin}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${tokenOf(sub)}`,
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
    },

    /** Sends bytes as they are and gives back everything until the server ends the connection. */
    raw: (bytes: string | Buffer) => exchange(port, bytes),

    stop,

    async close() {
      watchers.shutDown();
      await database.close();
      await stop();
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

export interface RawAnswer {
  status: number;
  head: string;
  body: string;
}

function exchange(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", reject);
    socket.on("close", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const [head = "", ...rest] = text.split("\r\n\r\n");
      resolve({ status: Number(head.split(" ")[1]), head, body: rest.join("\r\n\r\n") });
    });
  });
}

/** The document of a refusal, and what a test needs beside it. */
export async function problemOf(response: Response) {
  const document = (await response.json()) as { code: string; errors?: unknown[] };
  return { status: response.status, code: document.code, errors: document.errors };
}
