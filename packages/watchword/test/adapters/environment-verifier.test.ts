import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { serve } from "@hono/node-server";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import type { NextRequest } from "next/server.js";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import * as expressAdapter from "../../src/adapters/express.ts";
import * as fastifyAdapter from "../../src/adapters/fastify.ts";
import * as honoAdapter from "../../src/adapters/hono.ts";
import * as nextAdapter from "../../src/adapters/next.ts";
import { createVerifier } from "../../src/feed/create-verifier.ts";
import { mintToken } from "../../src/testing/index.ts";

const secret = "N3vQ8xL2mT7wR5yK9zB4cF6hJ1pD0sGa";
const settings = [
  "BETTER_AUTH_SECRET",
  "BETTER_AUTH_SECRETS",
  "BETTER_AUTH_URL",
  "WATCHWORD_KEY",
  "WATCHWORD_KEYS",
  "API_AUDIENCE",
  "REVOCATION",
  "JWKS_URL",
];
const authorization = () => `Bearer ${mintToken({ secret })}`;

beforeEach(() => {
  for (const name of settings) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** One route behind `authenticate()`, at any address; it answers the caller's id. */
const applications: Record<string, () => Promise<{ ask: () => Promise<Response>; close: () => unknown }>> = {
  async hono() {
    const app = new Hono().get("/", honoAdapter.authenticate(), (c) => c.text(c.get("identity").userId));
    app.onError((_, c) => c.text("fault", 500));
    return over(serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }) as Server);
  },
  async express() {
    const app = express();
    app.get("/", expressAdapter.authenticate(), (req, res) =>
      res.send(expressAdapter.identityOf(req).userId),
    );
    return over(app.listen(0, "127.0.0.1"));
  },
  async fastify() {
    const app = fastify();
    app.get(
      "/",
      { onRequest: fastifyAdapter.authenticate() },
      (request) => fastifyAdapter.identityOf(request).userId,
    );
    await app.listen({ port: 0, host: "127.0.0.1" });
    return over(app.server, () => app.close());
  },
  async next() {
    const route = nextAdapter.authenticate((_request, { identity }) => new Response(identity.userId));
    const request = () =>
      new Request("http://localhost/", { headers: { authorization: authorization() } }) as NextRequest;
    const ask = () =>
      route(request(), { params: Promise.resolve({}) }).catch(() => new Response("fault", { status: 500 }));
    return { ask, close: () => {} };
  },
};

async function over(server: Server, close: () => unknown = () => server.close()) {
  if (!server.listening) await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const ask = () =>
    fetch(`http://127.0.0.1:${port}/`, { headers: { authorization: authorization(), connection: "close" } });
  return { ask, close };
}

describe.each(Object.entries(applications))("authenticate() of %s without a verifier", (_name, start) => {
  test("reads the environment at the first request, and again while it cannot be right", async () => {
    const { ask, close } = await start();
    onTestFinished(() => void close());
    vi.stubEnv("BETTER_AUTH_SECRET", "short");
    const fault = await ask();
    expect([fault.status, await fault.text()]).not.toContain("BETTER_AUTH_SECRET");
    expect(fault.status).toBe(500);
    vi.stubEnv("BETTER_AUTH_SECRET", secret);
    const answer = await ask();
    expect([answer.status, await answer.text()]).toEqual([200, "user_1"]);
    vi.stubEnv("BETTER_AUTH_SECRET", "short");
    expect((await ask()).status).toBe(200);
    forget();
  });
});

/** As the process would: what routes without a verifier share is on the global object. */
function forget(): void {
  Reflect.deleteProperty(globalThis, Symbol.for("watchword.environmentVerifier"));
}

test("a function makes one verifier for all the routes that are given it, at the first request", async () => {
  const make = vi.fn(() =>
    createVerifier({ issuer: "http://localhost:3000", audience: "http://localhost:8000", secret }),
  );
  const app = new Hono()
    .get("/a", honoAdapter.authenticate(make), (c) => c.text(c.get("identity").userId))
    .get("/b", honoAdapter.optionalUser(make), (c) => c.text(c.get("identity")?.userId ?? "nobody"));
  expect(make).not.toHaveBeenCalled();
  const headers = { authorization: authorization() };
  for (const path of ["/a", "/b", "/a"])
    expect(await (await app.request(path, { headers })).text()).toBe("user_1");
  expect(make).toHaveBeenCalledOnce();
});

test("a route that asks what was revoked fails at the first request where the environment names no feed", async () => {
  vi.stubEnv("BETTER_AUTH_SECRET", secret);
  const faults: unknown[] = [];
  const app = new Hono().get("/", honoAdapter.authenticate(undefined, { revocation: "feed" }), (c) =>
    c.text(""),
  );
  app.onError((error, c) => {
    faults.push(error);
    return c.text("fault", 500);
  });
  expect((await app.request("/", { headers: { authorization: authorization() } })).status).toBe(500);
  expect(faults).toMatchObject([{ code: "misconfigured" }]);
  forget();
});

/** Serves one route with the environment's verifier, prints the port, and closes the server on a line of input. */
const program = (framework: string) => `
  import { once } from "node:events";
  import { authenticate } from ${JSON.stringify(new URL(`../../src/adapters/${framework}.ts`, import.meta.url).href)};
  ${
    {
      hono: `
        import { serve } from "@hono/node-server";
        import { Hono } from "hono";
        const app = new Hono().get("/", authenticate(), (c) => c.text("in"));
        const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
        if (!server.listening) await once(server, "listening");
        const close = () => server.close();`,
      express: `
        import express from "express";
        const server = express().get("/", authenticate(), (req, res) => res.send("in")).listen(0, "127.0.0.1");
        await once(server, "listening");
        const close = () => server.close();`,
      fastify: `
        import fastify from "fastify";
        const app = fastify();
        app.get("/", { onRequest: authenticate() }, () => "in");
        await app.listen({ port: 0, host: "127.0.0.1" });
        const server = app.server;
        const close = () => app.close();`,
    }[framework]
  }
  console.log(server.address().port);
  await once(process.stdin, "data");
  process.stdin.destroy();
  close();
`;

describe.each(["hono", "express", "fastify"])("a process that serves %s", (framework) => {
  test("follows the feed that the environment names, and ends by itself once its server has closed", async () => {
    let held = 0;
    const issuer = createServer((request, response) => {
      const after = new URL(request.url ?? "", "http://localhost").searchParams.get("after");
      if (after !== null) {
        held += 1;
        return;
      }
      const now = Math.floor(Date.now() / 1000);
      const entries = [{ kind: "session", id: "ended", at: now, until: now + 900 }];
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ entries, cursor: "c1", more: false, now }));
    }).listen(0, "127.0.0.1");
    await once(issuer, "listening");
    onTestFinished(() => {
      issuer.closeAllConnections();
      issuer.close();
    });
    const iss = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program(framework)], {
      cwd: new URL("../..", import.meta.url),
      env: {
        PATH: process.env["PATH"],
        BETTER_AUTH_URL: iss,
        BETTER_AUTH_SECRET: secret,
        REVOCATION: "feed",
      },
      stdio: ["pipe", "pipe", "inherit"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const ended = once(child, "exit");
    const [port] = await once(createInterface(child.stdout), "line");
    const ask = async (sid: string) => {
      const headers = { authorization: `Bearer ${mintToken({ secret, iss, sid })}` };
      return (await fetch(`http://127.0.0.1:${port}/`, { headers })).status;
    };
    await vi.waitFor(async () => expect(await ask("open")).toBe(200), { timeout: 20_000 });
    expect(await ask("ended")).toBe(401);
    await vi.waitFor(() => expect(held).toBeGreaterThan(0), { timeout: 20_000 });
    child.stdin.end("close\n");
    expect(await ended).toEqual([0, null]);
  }, 60_000);
});
