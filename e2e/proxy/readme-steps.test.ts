import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type ServerType, serve } from "@hono/node-server";
import { getMigrations } from "better-auth/db/migration";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { rolldown } from "rolldown";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type * as step3 from "../../docs/examples/auth-client.ts";
import { openBrowser } from "../support/browser.ts";

// The file that the example names, in memory.
vi.mock("node:sqlite", async (original) => {
  const sqlite = await original<typeof import("node:sqlite")>();
  const inMemory = class extends sqlite.DatabaseSync {
    constructor() {
      super(":memory:");
    }
  };
  return { ...sqlite, DatabaseSync: inMemory };
});

const password = "correct horse battery";
const webOrigin = "http://localhost:3000";

/** What the page's script has put on `window`. */
type InPage = typeof step3;

/** Step 3 as a bundler makes it for a page, of the package as it is published. */
async function scriptOfStep3(): Promise<string> {
  const input = fileURLToPath(new URL("../../docs/examples/auth-client.ts", import.meta.url));
  const bundle = await rolldown({ input, platform: "browser" });
  const { output } = await bundle.generate({ format: "iife", name: "step3" });
  return `${output[0].code}\nObject.assign(window, step3);`;
}

describe("the three steps of the README in one browser, without the feed", () => {
  const servers: ServerType[] = [];
  /** `sub` of every token that the API was sent. */
  const callers: string[] = [];
  let browser: Browser;
  let context: BrowserContext;

  async function listen(handle: (request: Request) => Response | Promise<Response>): Promise<string> {
    const server = serve({ fetch: handle, port: 0, hostname: "127.0.0.1" });
    servers.push(server);
    if (!server.listening) await new Promise((resolve) => server.once("listening", resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  beforeAll(async () => {
    vi.stubEnv("BETTER_AUTH_SECRET", "Tq7mZ2vX9kLr4Nw8Ps1Yc6Hd3Fg5Jb0e");
    vi.stubEnv("BETTER_AUTH_TELEMETRY", "0");
    const { auth } = await import("../../docs/examples/auth.ts");
    await (await getMigrations(auth.options)).runMigrations();
    const { app } = await import("../../docs/examples/hono.ts");
    const script = await scriptOfStep3();
    const web = await listen((request) => {
      const { pathname } = new URL(request.url);
      if (pathname.startsWith("/api/auth/")) return auth.handler(request);
      if (pathname === "/step3.js")
        return new Response(script, { headers: { "content-type": "text/javascript" } });
      return new Response('<!doctype html><script src="/step3.js"></script>', {
        headers: { "content-type": "text/html" },
      });
    });
    const api = await listen((request) => {
      const payload = request.headers.get("authorization")?.split(".")[1];
      if (payload !== undefined) callers.push(JSON.parse(Buffer.from(payload, "base64url").toString()).sub);
      return app.fetch(request);
    });
    browser = await openBrowser({ "localhost:3000": web, "localhost:8000": api });
  });
  beforeEach(async () => {
    context = await browser.newContext();
  });
  afterEach(async () => await context?.close());
  afterAll(async () => {
    await browser?.close();
    for (const server of servers) server.close();
    vi.unstubAllEnvs();
  });

  async function openTab(): Promise<Page> {
    const tab = await context.newPage();
    await tab.goto(`${webOrigin}/`);
    return tab;
  }

  /** A new user, who is signed in then. */
  const signUp = (tab: Page, name: string) =>
    tab.evaluate(
      async (user) => {
        const { authClient } = window as unknown as InPage;
        const { data, error } = await authClient.signUp.email(user);
        if (error) throw new Error(error.message);
        return data.user.id;
      },
      { name, email: `${name}.${Date.now()}@app.test`, password },
    );

  const signOut = (tab: Page) => tab.evaluate(() => (window as unknown as InPage).authClient.signOut());

  /** What the API says to the tasks of a user: whose they are, or its refusal. */
  const tasksOf = (tab: Page, userId: string): Promise<{ owner?: string; status?: number }> =>
    tab.evaluate((id) => (window as unknown as InPage).listTasks(id), userId);

  it("a call right after another user has signed in is that user's, without a reload", async () => {
    const tab = await openTab();
    const ada = await signUp(tab, "ada");
    expect(await tasksOf(tab, ada)).toEqual({ owner: ada });
    await signOut(tab);
    expect(await tasksOf(tab, ada)).toMatchObject({ status: 401 });
    const eve = await signUp(tab, "eve");
    const from = callers.length;
    expect(await tasksOf(tab, eve)).toEqual({ owner: eve });
    expect(await tasksOf(tab, ada)).toMatchObject({ status: 403 });
    expect(callers.slice(from)).toEqual([eve, eve]);
  });

  it("the other tabs follow, whichever of them the user changes in", async () => {
    const [one, two, three] = [await openTab(), await openTab(), await openTab()];
    const ada = await signUp(one, "ada");
    for (const tab of [one, two, three]) expect(await tasksOf(tab, ada)).toEqual({ owner: ada });
    const eve = await signUp(two, "eve");
    for (const tab of [one, two, three]) await expect.poll(() => tasksOf(tab, eve)).toEqual({ owner: eve });
    const from = callers.length;
    for (const tab of [one, two, three]) expect(await tasksOf(tab, ada)).toMatchObject({ status: 403 });
    expect(callers.slice(from)).toEqual([eve, eve, eve]);
    await signOut(three);
    for (const tab of [one, two, three])
      await expect.poll(() => tasksOf(tab, eve)).toMatchObject({ status: 401 });
  });
});
