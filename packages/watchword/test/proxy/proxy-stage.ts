import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import {
  createProxy,
  createSessionTokens,
  type ProxyEvent,
  type ProxyOptions,
  type SessionTokens,
} from "../../src/adapters/next.ts";
import { createVerifier } from "../../src/index.ts";
import { audience, issuer, person, plugin, realAuth, secret, signUp } from "../issuer/real-auth.ts";

/** A request as the API got it. */
export interface Arrived {
  readonly method: string;
  /** The request target, byte for byte. */
  readonly target: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Answering = (arrived: Arrived, response: ServerResponse, request: IncomingMessage) => void;

/** A real HTTP server in the place of the API. It ends with the test. */
export async function startUpstream(answer: Answering = showCaller) {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // Given up by who sent it.
    }
    const { method = "", url: target = "", rawHeaders, headers } = request;
    const one = { method, target, rawHeaders, headers, body: Buffer.concat(chunks).toString() };
    arrived.push(one);
    answer(one, response, request);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrived, server };
}

const verifier = createVerifier({ issuer, audience, secret });

/** Verifies the token as an API does, and says whose it is. */
export const showCaller: Answering = async ({ headers }, response) => {
  const token = headers.authorization?.replace(/^Bearer /, "");
  const caller = token === undefined ? null : (await verifier.verify(token)).userId;
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify({ caller }));
};

/** How the routes of these tests look. */
export const routes = [
  { path: "/api/v1/posts", anonymous: true, methods: ["GET"] },
  "/api/v1/posts",
  "/api/v1/posts/*",
  "/api/{user_id}/tasks/**",
] as const;

export interface StageOptions extends Partial<ProxyOptions> {
  readonly answer?: Answering | undefined;
  /** A database of the test's own, which it may change. */
  readonly ownDatabase?: boolean;
}

const newAuth = () => realAuth({ plugins: [plugin()] });
let shared: ReturnType<typeof newAuth> | undefined;
let people = 0;

/** A password takes long to hash, on purpose: one Ada is signed in for all tests that leave her so. */
let sharedAda: ReturnType<typeof signedUp> | undefined;

async function signedUp(auth: Awaited<ReturnType<typeof newAuth>>["auth"], name: string) {
  people += 1;
  const cookie = await signUp(auth, { ...person, email: `${name}-${people}@app.test`, name });
  const session = await createSessionTokens({ auth }).session(new Headers({ cookie }));
  if (session === null) throw new Error(`${name} is not signed in.`);
  return { cookie, userId: session.userId, sessionId: session.sessionId };
}

/** Better Auth on a real database, a proxy and an upstream: Ada is signed in. */
export async function stage({ answer, ownDatabase = false, ...options }: StageOptions = {}) {
  const upstream = await startUpstream(answer);
  shared ??= newAuth();
  const { auth, database } = await (ownDatabase ? newAuth() : shared);
  const tokens: SessionTokens = createSessionTokens({ auth });
  const events: ProxyEvent[] = [];
  const proxy = createProxy({
    tokens,
    upstream: upstream.origin,
    origin: issuer,
    routes,
    onEvent: (event) => void events.push(event),
    ...options,
  });
  const signedIn = (name: string) => signedUp(auth, name);
  if (!ownDatabase) sharedAda ??= signedIn("ada");
  const ada = await (ownDatabase ? signedIn("ada") : (sharedAda as ReturnType<typeof signedUp>));

  /** As a page's script sends it; `path` stands behind the proxy's own. */
  function ask(path: string, { cookie = ada.cookie, ...init }: RequestInit & { cookie?: string } = {}) {
    const headers = new Headers({
      "x-watchword": "1",
      origin: issuer,
      "sec-fetch-site": "same-origin",
      ...(cookie && { cookie }),
    });
    for (const [name, value] of Object.entries((init.headers ?? {}) as Record<string, string | undefined>)) {
      if (value === undefined) headers.delete(name);
      else headers.set(name, value);
    }
    const request = new Request(`${issuer}/api/bff${path}`, {
      ...init,
      headers,
      duplex: "half",
    } as RequestInit);
    // As Next.js does: one slash at the end belongs to no segment.
    const pathname = new URL(request.url).pathname.replace(/(?<!\/)\/$/, "");
    const segments = pathname.startsWith("/api/bff/") ? pathname.slice("/api/bff/".length).split("/") : [];
    return proxy(request, { params: Promise.resolve({ path: segments.map(decodedOnce) }) });
  }

  return { upstream, auth, database, tokens, events, proxy, ada, signedIn, ask };
}

function decodedOnce(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Waits until a condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error("It did not come to pass in time.");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
