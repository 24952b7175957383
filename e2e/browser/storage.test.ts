import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import { jwtLike } from "../support/jwt-like.ts";

describeApplications("nothing is kept where scripts can read it", {}, (stage) => {
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
      expect(text).not.toMatch(jwtLike);
      expect(text).not.toContain("session_token");
    }
    const cookies = await ada.context.cookies();
    const session = cookies.find(({ name }) => name.endsWith("session_token"));
    expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
    for (const cookie of cookies) expect(cookie.value).not.toMatch(jwtLike);
  });
});
