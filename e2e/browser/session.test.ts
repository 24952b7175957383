import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";

const unsafeReturnUrls = [
  "https://evil.test/",
  "//evil.test/",
  "/\\evil.test/",
  "\\\\evil.test/",
  "https:evil.test",
  "javascript:alert(1)",
  "/\t/evil.test/",
  "%2F%2Fevil.test",
  "/%2e%2e//evil.test/",
  "/.//evil.test/",
  "http://localhost@evil.test/",
  "/login?returnUrl=/login",
  "/api/auth/sign-out",
  "",
];

describeApplications("pages are protected on the server and lead back", { once: true }, (stage) => {
  const search = (url: string) => Object.fromEntries(new URL(url).searchParams);

  it("a protected page leads to the sign-in page and back to itself", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await ada.signOut();
    await page.goto("/under-the-hood?from=mail");
    expect(new URL(page.url()).pathname).toBe("/login");
    expect(search(page.url())["returnUrl"]).toBe("/under-the-hood?from=mail");
    await ada.sendSignIn();
    await page.waitForURL("**/under-the-hood?from=mail");
    await page.getByRole("heading", { name: "Under the hood" }).waitFor();
  });

  it("a protected page gives nothing away to who is not signed in, whatever headers say", async () => {
    const ada = await stage.person("Ada");
    for (const path of ["/tasks", "/under-the-hood"])
      for (const headers of [
        {},
        { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
        { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
        { rsc: "1" },
        { rsc: "1", "next-router-prefetch": "1" },
        { cookie: "better-auth.session_token=forged.signature" },
        { cookie: "better-auth.session_token=forged.signature; better-auth.session_data=forged" },
      ]) {
        const answer = await ada.context.request.get(path, { headers, maxRedirects: 0 });
        const text = await answer.text();
        const away = answer.status() >= 300 && answer.status() < 400;
        expect(away || text.includes("/login?returnUrl="), `${path} ${JSON.stringify(headers)}`).toBe(true);
        expect(text).not.toContain('aria-label="New task"');
      }
  });

  it("a session that has lapsed leads to the sign-in page, says so, and back", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await ada.addTask("Still here afterwards");
    await ada.context.clearCookies();
    await page.goto("/tasks");
    expect(new URL(page.url()).pathname).toBe("/login");
    expect(search(page.url())).toEqual({ returnUrl: "/tasks", error: "session_expired" });
    await ada.sendSignIn();
    await page.waitForURL("**/tasks");
    await ada.task("Still here afterwards").waitFor();
  });

  it("a session that lapses while a page is open leads there from inside the page too", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await page.getByText("No tasks yet").waitFor();
    await ada.context.clearCookies();
    // The page notices by itself when it next asks for something, so it may be gone before the click.
    const click = page.getByRole("link", { name: "Under the hood" }).click({ timeout: 5000 });
    await click.catch(() => undefined);
    await page.waitForURL("**/login?**");
    const { returnUrl, error } = search(page.url()) as Record<string, string>;
    expect(["/under-the-hood", "/tasks"]).toContain(returnUrl);
    expect(error).toBe("session_expired");
  });

  it("a returnUrl that leads elsewhere, or back to signing in, is not followed", async () => {
    const ada = await stage.person("Ada");
    const { page, addresses } = ada;
    await ada.signUp();
    for (const returnUrl of unsafeReturnUrls) {
      await ada.context.clearCookies();
      await page.goto(`/login?returnUrl=${encodeURIComponent(returnUrl)}`);
      await ada.sendSignIn();
      // Where it leads is what counts, not what is shown there.
      await page.waitForURL("**/tasks", { waitUntil: "commit" });
      expect({ returnUrl, led: page.url() }).toEqual({ returnUrl, led: `${addresses.webOrigin}/tasks` });
    }
  });

  it("who is signed in is sent on from the sign-in page by the server, by the same rule", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    for (const returnUrl of unsafeReturnUrls) {
      const answer = await ada.context.request.get(`/login?returnUrl=${encodeURIComponent(returnUrl)}`);
      expect({ returnUrl, led: answer.url() }).toEqual({
        returnUrl,
        led: `${stage.addresses.webOrigin}/tasks`,
      });
    }
    const own = await ada.context.request.get("/login?returnUrl=%2Funder-the-hood%3Fx%3D1");
    expect(own.url()).toBe(`${stage.addresses.webOrigin}/under-the-hood?x=1`);
  });

  it("a wrong password is refused with a sentence and opens nothing", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await ada.signOut();
    await page.goto("/login");
    await ada.sendSignIn("not-the-password");
    await page.getByText(/password is wrong/i).waitFor();
    expect(new URL(page.url()).pathname).toBe("/login");
    await page.goto("/tasks");
    expect(new URL(page.url()).pathname).toBe("/login");
  });

  it("a form that is not filled in says what is missing", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await page.goto("/sign-up");
    await page.getByLabel("Name", { exact: true }).fill("Ada");
    await page.getByLabel("Email", { exact: true }).fill("no address");
    await page.getByLabel("Password", { exact: true }).fill("short");
    await page.getByRole("button", { name: "Create account" }).click();
    await page.locator('[aria-invalid="true"]').first().waitFor();
    expect(await page.locator('[aria-invalid="true"]').count()).toBe(2);
    expect(new URL(page.url()).pathname).toBe("/sign-up");
  });

  it("after signing out the session's cookies are good for nothing any more", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    expect(await ada.admission()).toBe(200);
    const cookies = await ada.context.cookies();
    await ada.signOut();
    await ada.context.addCookies(cookies);
    expect(await ada.admission()).toBe(401);
    expect(await (await ada.context.request.get("/api/auth/token")).text()).not.toContain("eyJ");
  });
});
