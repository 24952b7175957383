import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";

const jwt = /eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/;

describeApplications("the token is shown, used and kept nowhere", (stage) => {
  it("the page shows the token's header and claims, what they mean, and how long it lives", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await page.getByRole("link", { name: "Under the hood" }).click();
    await page.getByRole("heading", { name: "Under the hood" }).waitFor();
    const userId = await ada.userId();
    const text = page.getByRole("main");
    await text.getByText("Claims", { exact: true }).first().waitFor();
    const shown = await text.innerText();
    for (const value of [
      userId,
      ada.email,
      stage.addresses.webOrigin,
      stage.addresses.apiOrigin,
      "HS256",
      "at+jwt",
      "A shared key signed it",
    ])
      expect(shown).toContain(value);
    for (const claim of ["iss", "aud", "sub", "iat", "exp", "jti", "sid"])
      expect(shown).toMatch(new RegExp(`\\b${claim}\\b`));
    await page.getByRole("meter", { name: "Remaining life" }).waitFor();
    await page.goto("/token");
    expect(new URL(page.url()).pathname).toBe("/under-the-hood");
  });

  it("no script can read a token or the session from where a browser keeps things", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    const consoleLines: string[] = [];
    page.on("console", (message) => consoleLines.push(message.text()));
    await ada.signUp();
    await ada.addTask("One");
    await page.getByRole("link", { name: "Under the hood" }).click();
    await page.getByRole("button", { name: "Try it: Open another user's URL" }).click();
    await page.getByRole("region", { name: "Answer: Open another user's URL" }).waitFor();
    const kept = await page.evaluate(async () => {
      const databases = await indexedDB.databases();
      const caches = await globalThis.caches.keys();
      return {
        local: JSON.stringify(localStorage),
        session: JSON.stringify(sessionStorage),
        cookies: document.cookie,
        address: location.href,
        history: JSON.stringify(history.state),
        name: window.name,
        databases: databases.map(({ name }) => name),
        caches,
      };
    });
    expect({ databases: kept.databases, caches: kept.caches }).toEqual({ databases: [], caches: [] });
    for (const text of [
      kept.local,
      kept.session,
      kept.cookies,
      kept.address,
      kept.history,
      kept.name,
      ...consoleLines,
    ]) {
      expect(text).not.toMatch(jwt);
      expect(text).not.toContain("session_token");
    }
    const cookies = await ada.context.cookies();
    const session = cookies.find(({ name }) => name.endsWith("session_token"));
    expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
    for (const cookie of cookies) expect(cookie.value).not.toMatch(jwt);
  });

  it("the token goes to the API and nowhere else, and one serves many calls", async () => {
    const ada = await stage.person("Ada");
    const { page, addresses } = ada;
    const carriers: string[] = [];
    let tokenRequests = 0;
    page.on("request", (request) => {
      if (request.headers()["authorization"] !== undefined) carriers.push(new URL(request.url()).origin);
      if (new URL(request.url()).pathname === "/api/auth/token") tokenRequests++;
    });
    await ada.signUp();
    for (const title of ["One", "Two", "Three"]) await ada.addTask(title);
    expect(carriers.length).toBeGreaterThan(3);
    expect(new Set(carriers)).toEqual(new Set([addresses.apiOrigin]));
    expect(tokenRequests).toBe(1);
  });

  it("no page, script or answer of the web application but the token's holds a token or the secret's name", async () => {
    const ada = await stage.person("Ada");
    const { page, addresses } = ada;
    const leaks: string[] = [];
    const looked: Promise<void>[] = [];
    page.on("response", (response) => {
      const url = new URL(response.url());
      if (url.origin !== addresses.webOrigin || url.pathname === "/api/auth/token") return;
      looked.push(
        response.text().then(
          (text) => {
            if (jwt.test(text)) leaks.push(url.pathname);
          },
          () => {},
        ),
      );
    });
    await ada.signUp();
    await page.goto("/under-the-hood");
    await page.getByText("Claims", { exact: true }).first().waitFor();
    await page.goto("/tasks");
    await page.getByText("No tasks yet").waitFor();
    await Promise.all(looked);
    expect(leaks).toEqual([]);
  });
});
