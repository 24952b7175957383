import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  AuthenticationError,
  AuthorizationError,
  createApiClient,
  createProxyFetch,
  NetworkError,
} from "../../src/client/index.ts";
import { ConfigurationError } from "../../src/index.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A page of an origin that a real server answers for. */
async function page(answer: Answer = (_request, response) => response.end("{}")) {
  const seen: { method: string; target: string; headers: IncomingMessage["headers"]; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url: target = "", headers } = request;
    seen.push({ method, target, headers, body: Buffer.concat(chunks).toString() });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubGlobal("location", new URL(`${origin}/tasks`));
  onTestFinished(() => {
    vi.unstubAllGlobals();
    server.closeAllConnections();
    server.close();
  });
  return { origin, seen };
}

const own = (headers: IncomingMessage["headers"] = {}) => [
  headers["x-watchword"],
  headers["x-watchword-user"],
  headers["authorization"],
];

describe("createProxyFetch", () => {
  it("marks what goes to the proxy, says for whom, and carries no token", async () => {
    const { seen, origin } = await page();
    const proxyFetch = createProxyFetch({ path: "/api/bff", userId: "ada" });
    await proxyFetch("/api/bff/api/v1/posts?limit=1", { headers: { Authorization: "Bearer x" } });
    await proxyFetch(
      new Request(`${origin}/api/bff/api/ada/tasks`, { method: "POST", body: '{"title":"x"}' }),
    );
    expect(seen.map(({ method, target, body }) => [method, target, body])).toEqual([
      ["GET", "/api/bff/api/v1/posts?limit=1", ""],
      ["POST", "/api/bff/api/ada/tasks", '{"title":"x"}'],
    ]);
    expect(seen.map(({ headers }) => own(headers))).toEqual([
      ["1", "ada", undefined],
      ["1", "ada", undefined],
    ]);
  });

  it.each(["/api/bff", "/api/bffx/y", "/api/bff/../auth/token", "/api/auth/token"])(
    "leaves %s as it is: it is not the proxy",
    async (path) => {
      const { seen } = await page();
      await createProxyFetch({ path: "/api/bff", userId: "ada" })(path);
      expect(own(seen[0]?.headers)).toEqual([undefined, undefined, undefined]);
    },
  );

  it("leaves a call to another origin as it is, and one that is told to be", async () => {
    const { seen, origin } = await page();
    vi.stubGlobal("location", new URL("http://app.test/tasks"));
    const proxyFetch = createProxyFetch({ path: "/api/bff" });
    await proxyFetch(`${origin}/api/bff/x`);
    vi.stubGlobal("location", new URL(`${origin}/tasks`));
    await proxyFetch("/api/bff/x", { auth: false });
    expect(seen.map(({ headers }) => own(headers)[0])).toEqual([undefined, undefined]);
  });

  it("gives refusals back, and createApiClient makes typed errors of them", async () => {
    const refusal = { status: 401, code: "not_signed_in" };
    await page((_request, response) => {
      response.writeHead(refusal.status, { "Content-Type": "application/problem+json" });
      response.end(JSON.stringify({ code: refusal.code }));
    });
    expect((await createProxyFetch({ path: "/api/bff" })("/api/bff/x")).status).toBe(401);
    const api = createApiClient({ baseUrl: "/api/bff" });
    await expect(api.get("/x")).rejects.toBeInstanceOf(AuthenticationError);
    Object.assign(refusal, { status: 403, code: "wrong_subject" });
    const error = await api.get("/x").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(AuthorizationError);
    expect(error).toMatchObject({ problem: { code: "wrong_subject" } });
  });

  it("follows no redirect: the proxy answers itself", async () => {
    const { seen } = await page((_request, response) => {
      response.writeHead(307, { Location: "/elsewhere" });
      response.end();
    });
    const failure = createProxyFetch({ path: "/api/bff" })("/api/bff/x/");
    await expect(failure).rejects.toBeInstanceOf(NetworkError);
    await expect(failure).rejects.toThrow("The web application answers /api/bff/x/ with a redirect");
    expect(seen.map(({ target }) => target)).toEqual(["/api/bff/x/"]);
  });

  it("ends its addresses with a slash where the application does, after the first redirect", async () => {
    const { seen } = await page(({ url = "" }, response) => {
      const [path = "", query] = url.split("?");
      if (!path.endsWith("/")) response.writeHead(308, { Location: `${path}/?${query}` });
      response.end("{}");
    });
    const proxyFetch = createProxyFetch({ path: "/api/bff" });
    const answers = [
      await proxyFetch("/api/bff/x?a=1", { method: "POST", body: "text" }),
      await proxyFetch("/api/bff/y"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(seen.map(({ target }) => target)).toEqual(["/api/bff/x?a=1", "/api/bff/x/?a=1", "/api/bff/y/"]);
  });

  it("gives up what is under way when its user leaves, and goes on for the next", async () => {
    let waiting = () => {};
    const arrived = new Promise<void>((resolve) => {
      waiting = resolve;
    });
    let hold = true;
    await page((_request, response) => {
      if (!hold) return response.end("{}");
      waiting();
    });
    const proxyFetch = createProxyFetch({ path: "/api/bff" });
    const call = proxyFetch("/api/bff/x");
    await arrived;
    proxyFetch.clear();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    hold = false;
    expect((await proxyFetch("/api/bff/x")).status).toBe(200);
  });

  it("ends a stream that is being read when its user leaves", async () => {
    await page((_request, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write("data: 1\n\n");
    });
    const proxyFetch = createProxyFetch({ path: "/api/bff" });
    const reader = ((await proxyFetch("/api/bff/x")).body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("data: 1\n\n");
    const next = reader.read();
    proxyFetch.clear();
    await expect(next).rejects.toMatchObject({ name: "AbortError" });
  });

  it("gives the caller's own reason when the caller aborts", async () => {
    await page(() => {});
    const reason = new Error("enough");
    const call = createProxyFetch({ path: "/api/bff" })("/api/bff/x", { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
  });

  it.each([
    "",
    "/",
    "api/bff",
    "/api/bff/",
    "//evil.test",
    "https://evil.test",
    "/api/../bff",
    "/api/./bff",
    "/api\\bff",
    "/api?x",
  ])("refuses the path %j", (path) => {
    expect(() => createProxyFetch({ path })).toThrow(ConfigurationError);
  });
});
