import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { mount } from "../support/application.ts";
import { chosenBackends } from "../support/backend.ts";
import { openBrowser } from "../support/browser.ts";
import { jwtLike } from "../support/jwt-like.ts";
import { logLines } from "../support/log-lines.ts";
import { Person, password } from "../support/person.ts";
import { ProxyStage, until } from "./stage.ts";

describe.each(chosenBackends())("a browser before %s, which never holds a token", (api) => {
  let stage: ProxyStage;
  let browser: Browser;
  const people: Person[] = [];
  beforeAll(async () => {
    stage = await ProxyStage.start({ api });
    browser = await openBrowser();
  });
  afterEach(async () => {
    stage.wire.answering = undefined;
    await Promise.all(people.splice(0).map((person) => person.leave()));
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  });
  async function arrive(name: string): Promise<Person> {
    const person = await Person.arrive(browser, stage.application, name);
    people.push(person);
    return person;
  }
  /** How often the proxy has refused by a code so far. */
  const refusalsBy = (code: string) =>
    logLines(stage.application.output).filter((line) => line["error.type"] === code).length;
  /** Whose token went under whose address, for every request that has passed since. */
  const owners = (from: number) =>
    stage.wire.passed.slice(from).flatMap(({ target, headers }) => {
      const token = headers.find(([name]) => name === "authorization")?.[1];
      const named = /^\/api\/(?!v1\/)([^/]+)\//.exec(target)?.[1];
      if (token === undefined || named === undefined) return [];
      const claims = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
      return [[named, (JSON.parse(claims) as { sub: string }).sub]];
    });

  it("ISO-138, ISO-148: neither an answer nor a place where a browser keeps things ever holds a token", async () => {
    const ada = await arrive("Ada");
    const { page } = ada;
    const leaks: string[] = [];
    const asked: string[] = [];
    const looked: Promise<void>[] = [];
    const lines: string[] = [];
    page.on("console", (message) => lines.push(message.text()));
    page.on("request", (request) => {
      const sent = `${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ""}`;
      if (jwtLike.test(sent) || request.headers()["authorization"] !== undefined) leaks.push(request.url());
      asked.push(new URL(request.url()).pathname);
    });
    page.on("response", (response) => {
      if (jwtLike.test(JSON.stringify(response.headers()))) leaks.push(response.url());
      // A stream of events has no end that could be waited for.
      if (response.url().endsWith("/events")) return;
      const text = response.text().catch(() => "");
      looked.push(text.then((body) => void (jwtLike.test(body) && leaks.push(response.url()))));
    });
    await ada.signUp();
    await ada.addTask("One");
    for (const path of ["/chat", "/posts", "/account", "/under-the-hood", "/tasks"]) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
    }
    await ada.task("One").waitFor();
    await Promise.all(looked);
    expect(leaks).toEqual([]);
    expect(asked).not.toContain("/api/auth/token");
    expect(asked.filter((path) => path.startsWith(mount)).length).toBeGreaterThan(3);
    const kept = await page.evaluate(async () => ({
      local: JSON.stringify(localStorage),
      session: JSON.stringify(sessionStorage),
      cookies: document.cookie,
      address: location.href,
      referrer: document.referrer,
      history: JSON.stringify(history.state),
      name: window.name,
      databases: (await indexedDB.databases()).length,
      caches: (await globalThis.caches.keys()).length,
    }));
    expect([kept.databases, kept.caches]).toEqual([0, 0]);
    const texts = [JSON.stringify(kept), ...lines];
    for (const token of stage.wire.tokens)
      for (const text of texts) for (const part of token.split(".")) expect(text).not.toContain(part);
    for (const text of texts) {
      expect(text).not.toMatch(jwtLike);
      expect(text).not.toContain("session_token");
    }
    for (const cookie of await ada.context.cookies())
      if (cookie.name.includes("better-auth"))
        expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  });

  it("ISO-139: a page of a sibling origin, to which the cookie does go, writes and reads nothing", async () => {
    const ada = await arrive("Ada");
    await ada.signUp();
    await ada.addTask("Before");
    const address = `${stage.application.apiAddress}/api/${await ada.userId()}/tasks`;
    const evil = createServer((_request, response) => {
      response.setHeader("Content-Type", "text/html");
      response.end(`<form method="post" enctype="text/plain" action="${address}">
        <input name='{"title":"Planted' value='"}'><button>Win</button></form>`);
    });
    await new Promise<void>((resolve) => evil.listen(0, "127.0.0.1", resolve));
    const page: Page = await ada.context.newPage();
    const refusals = () => refusalsBy("foreign_page");
    const before = refusals();
    try {
      // Another port of the same host: the same site, so that SameSite does not keep the cookie back.
      await page.goto(`http://localhost:${(evil.address() as AddressInfo).port}/`);
      const passed = stage.wire.passed.length;
      await page.evaluate(async (url) => {
        const body = '{"title":"Planted"}';
        const init = { method: "POST", body, credentials: "include" } as const;
        await fetch(url, { ...init, mode: "no-cors" }).catch(() => {});
        await fetch(url, { ...init, headers: { "X-Watchword": "1" } }).catch(() => {});
        await fetch(url, { credentials: "include", mode: "no-cors" }).catch(() => {});
      }, address);
      const navigated = page.waitForResponse((response) => response.url() === address);
      await page.getByRole("button", { name: "Win" }).click();
      const answer = await navigated;
      expect(answer.status()).toBe(403);
      expect((await answer.request().allHeaders())["cookie"]).toContain("session_token");
      // The form, the write and the read; what carries the header is stopped by the browser, which asks first.
      await until(() => refusals() === before + 3);
      expect(stage.wire.passed.slice(passed).filter(({ target }) => !target.includes("/events"))).toEqual([]);
    } finally {
      evil.closeAllConnections();
      evil.close();
    }
    await ada.page.reload();
    await ada.task("Before").waitFor();
    expect(await ada.titles()).toEqual(["Before"]);
  });

  it("ISO-150: an API that is away signs nobody out, and is asked again", async () => {
    const ada = await arrive("Ada");
    const { page } = ada;
    await ada.signUp();
    await ada.addTask("Comes back");
    stage.wire.answering = (request) => request.socket.destroy();
    await page.reload();
    const again = page.getByRole("button", { name: "Try again" });
    await again.waitFor({ timeout: 30_000 });
    expect(new URL(page.url()).pathname).toBe("/tasks");
    stage.wire.answering = undefined;
    await again.click();
    await ada.task("Comes back").waitFor();
  });

  it("ISO-151: signing out in one tab empties the other, and its open stream ends", async () => {
    const ada = await arrive("Ada");
    await ada.signUp();
    await ada.addTask("Mine");
    const other = await ada.context.newPage();
    await other.goto("/tasks");
    await other.getByText("Mine").waitFor();
    await ada.page.bringToFront();
    await ada.signOut();
    await other.waitForURL((url) => url.pathname !== "/tasks");
    expect(await other.content()).not.toContain("Mine");
    const open = stage.wire.passed.filter(({ target }) => target.endsWith("/events"));
    await until(() => open.every(({ ended }) => ended));
  });

  it("ISO-151: when the browser's session becomes another user's, a page left open does nothing in either name", async () => {
    const bob = await arrive("Bob");
    await bob.signUp();
    await bob.addTask("Bob's own");
    const ada = await arrive("Ada");
    const { page } = ada;
    await ada.signUp();
    await ada.addTask("Ada's own");
    const from = stage.wire.passed.length;
    // No script of the application is told: as after a sign-in in a tab whose messages get lost.
    const headers = { origin: stage.issuer };
    const data = { email: bob.email, password };
    expect((await ada.context.request.post("/api/auth/sign-in/email", { data, headers })).status()).toBe(200);
    const refusals = () => refusalsBy("wrong_subject");
    const before = refusals();
    await ada.newTask.fill("For whom?");
    // The page starts again, for whom the server finds.
    await Promise.all([
      page.waitForEvent("load"),
      page.waitForResponse((answer) => answer.request().method() === "POST" && answer.status() === 403),
      page.getByRole("button", { name: "Add task" }).click(),
    ]);
    expect(refusals()).toBeGreaterThan(before);
    await page.getByText("Bob's own").waitFor();
    expect(await page.content()).not.toContain("Ada's own");
    const pairs = owners(from);
    expect(pairs.filter(([named, sub]) => named !== sub)).toEqual([]);
    expect(stage.wire.passed.slice(from).filter(({ method }) => method === "POST")).toEqual([]);
  });

  it("a visitor reads the public posts through the proxy, without any token", async () => {
    const ada = await arrive("Ada");
    await ada.signUp();
    const title = `Public ${Date.now()}`;
    const post = { title, body: "For all", is_private: false };
    expect((await ada.askApi("/api/v1/posts", { method: "POST", json: post })).status).toBe(201);
    const visitor = await arrive("Visitor");
    const from = stage.wire.passed.length;
    await visitor.page.goto("/posts");
    await visitor.page.getByText(title).waitFor();
    const asked = stage.wire.passed.slice(from).filter(({ target }) => target.startsWith("/api/v1/posts"));
    expect(asked.length).toBeGreaterThan(0);
    for (const { headers } of asked) expect(headers.map(([name]) => name)).not.toContain("authorization");
  });
});
