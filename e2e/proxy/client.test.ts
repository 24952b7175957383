import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type * as client from "watchword/client";
import { openBrowser } from "../support/browser.ts";

/** The package as it is published: the browser loads its files as they are. */
const dist = fileURLToPath(new URL("../../packages/watchword/dist/", import.meta.url));

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly origin: string | undefined;
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** A server whose every request is noted; pages of any origin may ask it, so that the client alone decides what is sent. */
class Stub {
  readonly seen: Seen[] = [];
  answer: Answer = (_request, response) => void response.end("{}");
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const { method = "", url: path = "", headers } = request;
      response.setHeader("Access-Control-Allow-Origin", headers.origin ?? "*");
      response.setHeader("Access-Control-Allow-Headers", "authorization, content-type");
      response.setHeader("Access-Control-Allow-Credentials", "true");
      if (method === "OPTIONS") return void response.writeHead(204).end();
      this.seen.push({ method, path, authorization: headers.authorization, origin: headers.origin });
      await this.answer(request, response);
    });
  }

  static async open(): Promise<Stub> {
    const stub = new Stub();
    await new Promise<void>((resolve) => stub.#server.listen(0, "127.0.0.1", resolve));
    return stub;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** What the page's script has put on `window`. */
interface InPage {
  readonly client: typeof client;
  authFetch: client.AuthFetch;
}

describe("the browser client in a page", () => {
  let browser: Browser;
  let context: BrowserContext;
  let app: Stub;
  let api: Stub;
  let evil: Stub;
  let issued: number;
  /** How the token endpoint answers. */
  let give: (response: ServerResponse) => void | Promise<void>;

  const json = (response: ServerResponse, status: number, body: unknown) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(body));
  };

  beforeAll(async () => {
    browser = await openBrowser();
    [app, api, evil] = await Promise.all([Stub.open(), Stub.open(), Stub.open()]);
  });
  afterAll(async () => {
    await browser?.close();
    for (const stub of [app, api, evil]) stub?.close();
  });
  afterEach(async () => await context?.close());

  /** A page that has made its `authFetch` for the API. */
  async function page(init?: () => void): Promise<Page> {
    issued = 0;
    give = (response) => {
      issued += 1;
      json(response, 200, { token: `token-${issued}`, expiresIn: 900, expiresAt: Date.now() / 1000 + 900 });
    };
    for (const stub of [app, api, evil]) stub.seen.length = 0;
    api.answer = (_request, response) => json(response, 200, {});
    evil.answer = (_request, response) => json(response, 200, {});
    app.answer = async (request, response) => {
      const path = new URL(request.url ?? "/", "http://app").pathname;
      if (path === "/api/auth/token") return give(response);
      if (path.startsWith("/dist/")) {
        response.setHeader("Content-Type", "text/javascript");
        return void response.end(await readFile(dist + path.slice("/dist/".length)));
      }
      response.setHeader("Content-Type", "text/html");
      response.end(`<!doctype html><script type="module">
        import * as client from "/dist/client/index.js";
        const getToken = client.fetchToken("/api/auth/token");
        window.client = client;
        window.authFetch = client.createAuthFetch({ apiOrigin: "http://localhost:${api.port}", getToken });
        document.title = "ready";
      </script>`);
    };
    context = await browser.newContext();
    if (init) await context.addInitScript(init);
    const opened = await context.newPage();
    await opened.goto(`http://localhost:${app.port}/`);
    await opened.waitForFunction(() => document.title === "ready");
    return opened;
  }

  const call = (opened: Page, url: string, times = 1) =>
    opened.evaluate(
      async ([address, count]) => {
        const { authFetch } = globalThis as unknown as InPage;
        const one = () =>
          authFetch(address as string).then(
            (answer) => answer.status,
            (error: Error & { status?: number }) => error.status ?? error.name,
          );
        return Promise.all(Array.from({ length: count as number }, one));
      },
      [url, times] as const,
    );
  const own = () => `http://localhost:${api.port}`;

  it("ISO-148: keeps the token in memory and nowhere else, the console included", async () => {
    const opened = await page();
    const lines: string[] = [];
    opened.on("console", (message) => lines.push(message.text()));
    expect(await call(opened, `${own()}/x`)).toEqual([200]);
    const kept = await opened.evaluate(async () =>
      JSON.stringify([
        { ...localStorage },
        { ...sessionStorage },
        document.cookie,
        location.href,
        document.referrer,
        history.state,
        window.name,
        await indexedDB.databases(),
        document.documentElement.outerHTML,
      ]),
    );
    expect(api.seen.map(({ authorization }) => authorization)).toEqual(["Bearer token-1"]);
    expect([kept, ...lines].join("\n")).not.toContain("token-1");
  });

  it("ISO-149: sends it to the API's own origin alone", async () => {
    const opened = await page();
    await call(opened, `${own()}/first`);
    for (const url of [
      `http://127.0.0.1:${evil.port}/absolute`,
      `//127.0.0.1:${evil.port}/relative`,
      `http://localhost:${evil.port}/port`,
      `http://localhost:${api.port}@127.0.0.1:${evil.port}/user`,
      `http://127.0.0.1:${api.port}/same-port-other-host`,
    ])
      await call(opened, url);
    expect(evil.seen.map(({ path }) => path)).toEqual(
      expect.arrayContaining(["/absolute", "/relative", "/port"]),
    );
    for (const { path, authorization } of evil.seen) expect(authorization, path).toBeUndefined();
    for (const { path, authorization } of api.seen)
      expect(authorization, path).toBe(path === "/first" ? "Bearer token-1" : undefined);
  });

  it("ISO-149: a redirect to another origin arrives without it", async () => {
    const opened = await page();
    api.answer = (_request, response) => {
      response.writeHead(307, { Location: `http://127.0.0.1:${evil.port}/trap` });
      response.end();
    };
    expect(await call(opened, `${own()}/away`)).toEqual([200]);
    expect(evil.seen.map(({ path, authorization }) => [path, authorization])).toEqual([["/trap", undefined]]);
  });

  it("ISO-149: neither does it go to http where the API is https, nor is an API in the clear taken", async () => {
    const opened = await page();
    const outcome = await opened.evaluate(
      async ([secure, insecure]) => {
        const { client } = globalThis as unknown as InPage;
        const getToken = async () => ({ token: "secret", expiresIn: 900 });
        await client.createAuthFetch({ apiOrigin: secure as string, getToken })(insecure as string);
        try {
          client.createAuthFetch({ apiOrigin: "http://api.example.com", getToken });
          return "taken";
        } catch (error) {
          return (error as Error).name;
        }
      },
      [`https://localhost:${api.port}`, `${own()}/downgrade`],
    );
    expect(outcome).toBe("ConfigurationError");
    expect(api.seen.map(({ path, authorization }) => [path, authorization])).toEqual([
      ["/downgrade", undefined],
    ]);
  });

  it("ISO-150: twenty refusals at once cost one refresh, and each call is sent once more", async () => {
    const opened = await page();
    await call(opened, `${own()}/first`);
    api.answer = ({ headers }, response) =>
      json(response, headers.authorization === "Bearer token-1" ? 401 : 200, { code: "expired" });
    expect(new Set(await call(opened, `${own()}/many`, 20))).toEqual(new Set([200]));
    expect(issued).toBe(2);
    const many = api.seen.filter(({ path }) => path === "/many");
    expect(many).toHaveLength(40);
    expect(many.filter(({ authorization }) => authorization === "Bearer token-2")).toHaveLength(20);
  });

  it("ISO-150: a refusal that stays one makes no loop", async () => {
    const opened = await page();
    api.answer = (_request, response) => json(response, 401, { code: "unknown_key" });
    expect(new Set(await call(opened, `${own()}/never`, 20))).toEqual(new Set([401]));
    expect(api.seen.length).toBeLessThanOrEqual(40);
    await call(opened, `${own()}/never`, 5);
    expect(issued).toBeLessThanOrEqual(2);
  });

  it.each([403, 404, 429, 500, 503])("ISO-150: %i refreshes nothing and drops nothing", async (status) => {
    const opened = await page();
    api.answer = (_request, response) => json(response, status, { code: "x" });
    expect(await call(opened, `${own()}/x`)).toEqual([status]);
    api.answer = (_request, response) => json(response, 200, {});
    expect(await call(opened, `${own()}/x`)).toEqual([200]);
    expect(issued).toBe(1);
  });

  it("ISO-150: a token endpoint that is away is no sign-out either", async () => {
    const opened = await page();
    give = (response) => json(response, 503, { code: "SESSION_STORE_UNAVAILABLE" });
    expect(await call(opened, `${own()}/x`)).toEqual([503]);
    give = (response) => json(response, 200, { token: "token-later", expiresIn: 900 });
    expect(await call(opened, `${own()}/x`)).toEqual([200]);
    expect(api.seen.map(({ authorization }) => authorization)).toEqual(["Bearer token-later"]);
  });

  it("ISO-151: a token that is on its way when its user leaves is discarded", async () => {
    const opened = await page();
    let release = () => {};
    let asked = () => {};
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    give = (response) => {
      asked();
      release = () => json(response, 200, { token: "token-of-ada", expiresIn: 900 });
    };
    const late = call(opened, `${own()}/late`);
    await waiting;
    await opened.evaluate(() => (globalThis as unknown as InPage).authFetch.clear());
    give = (response) => json(response, 200, { token: "token-of-bob", expiresIn: 900 });
    release();
    expect(await late).toEqual(["AbortError"]);
    expect(await call(opened, `${own()}/next`)).toEqual([200]);
    expect(api.seen.map(({ path, authorization }) => [path, authorization])).toEqual([
      ["/next", "Bearer token-of-bob"],
    ]);
  });

  it.each([
    ["a day behind", -1],
    ["a day ahead", 1],
  ])(
    "ISO-152: a device clock %s changes nothing: the server says how long a token lives",
    async (_name, days) => {
      const opened = await page(
        days < 0
          ? () => {
              const now = Date.now;
              Date.now = () => now() - 86_400_000;
            }
          : () => {
              const now = Date.now;
              Date.now = () => now() + 86_400_000;
            },
      );
      const drift = (await opened.evaluate(() => Date.now())) - Date.now();
      expect(Math.abs(drift)).toBeGreaterThan(80_000_000);
      for (let time = 0; time < 3; time += 1) expect(await call(opened, `${own()}/x`)).toEqual([200]);
      expect(issued).toBe(1);
      expect(new Set(api.seen.map(({ authorization }) => authorization))).toEqual(
        new Set(["Bearer token-1"]),
      );
      // Moved while the page is open: one refresh at most.
      await opened.evaluate((moved) => {
        const now = Date.now;
        Date.now = () => now() + moved * 86_400_000;
      }, -days);
      for (let time = 0; time < 3; time += 1) expect(await call(opened, `${own()}/x`)).toEqual([200]);
      expect(issued).toBeLessThanOrEqual(2);
    },
  );
});
