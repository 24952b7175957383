import { randomBytes } from "node:crypto";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Application } from "../support/application.ts";
import { chosenBackends } from "../support/backend.ts";
import { openBrowser } from "../support/browser.ts";
import { Person } from "../support/person.ts";
import { removeFolder, temporaryFolder } from "../support/temporary-folder.ts";

for (const api of chosenBackends())
  describe(`${api}: under the hood, where the token stays on the server`, () => {
    const folder = temporaryFolder("hood-proxy");
    let application: Application;
    let browser: Browser;
    let ada: Person;
    const answers: { origin: string; authorization: boolean }[] = [];

    beforeAll(async () => {
      const secret = randomBytes(32).toString("base64url");
      const settings = { API_MODE: "proxy" };
      application = await Application.start({ api, secret, dataFolder: `${folder}/data`, settings });
      browser = await openBrowser();
      ada = await Person.arrive(browser, application, "Ada");
      ada.page.on("request", (request) =>
        answers.push({
          origin: new URL(request.url()).origin,
          authorization: request.headers()["authorization"] !== undefined,
        }),
      );
      await ada.signUp();
      await ada.page.goto("/under-the-hood");
    });

    afterAll(async () => {
      await browser?.close();
      await application?.stop();
      removeFolder(folder);
    });

    it("the page says so, and draws the road by way of the web app, with what the API tells of its verification", async () => {
      const { page } = ada;
      await page.getByText("This browser holds no token").waitFor();
      const road = page.getByRole("list", { name: "The road in words" });
      await road.getByText("It answers with your rows.").waitFor();
      expect(await road.getByRole("listitem").count()).toBe(8);
      expect(await road.innerText()).toMatch(/adds the token of this session[\s\S]*It took/);
      expect(await page.getByRole("button", { name: "Get a new token" }).count()).toBe(0);
      expect(await page.getByRole("button", { name: "Try it: Sign it yourself" }).count()).toBe(0);
      expect(await page.getByRole("main").innerText()).not.toMatch(/eyJ[A-Za-z0-9_-]{20,}/);
    });

    it("another user's URL and row are refused, and the page stays", async () => {
      const { page } = ada;
      await page.getByRole("button", { name: "Try them all" }).click();
      const answer = (title: string) => page.getByRole("region", { name: `Answer: ${title}`, exact: true });
      await answer("Open another user's row").waitFor();
      expect(await answer("Open another user's URL").innerText()).toMatch(/^403\s+wrong_subject[\s\S]*CS-19/);
      expect(await answer("Open another user's row").innerText()).toMatch(
        /^404\s+not_found[\s\S]*HTTP rule 3/,
      );
    });

    it("after a sign-out nothing is asked any more on behalf of the user, and no request ever carried a token", async () => {
      const { page } = ada;
      await page.getByRole("button", { name: "Try it: Go on after signing out" }).click();
      const answer = page.getByRole("region", { name: "Answer: Go on after signing out" });
      await answer.waitFor();
      expect(await answer.innerText()).toMatch(/^401/);
      expect(answers.length).toBeGreaterThan(5);
      expect(answers.filter(({ authorization }) => authorization)).toEqual([]);
      expect(new Set(answers.map(({ origin }) => origin))).toEqual(new Set([application.webOrigin]));
    });
  });
