import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import { jwtLike } from "../support/jwt-like.ts";

describeApplications("the token is shown and used", { mode: "direct" }, (stage) => {
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
            if (jwtLike.test(text)) leaks.push(url.pathname);
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

  it("the token endpoint refuses foreign pages and is kept by no cache", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    const get = (headers: Record<string, string>) => ada.context.request.get("/api/auth/token", { headers });
    const own = await get({});
    expect({ status: own.status(), cache: own.headers()["cache-control"] }).toEqual({
      status: 200,
      cache: "no-store",
    });
    for (const headers of [
      { origin: "https://evil.test" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
    ] as const) {
      const foreign = await get(headers);
      expect(foreign.status(), JSON.stringify(headers)).toBe(403);
      expect(await foreign.text()).not.toContain("eyJ");
    }
  });
});
