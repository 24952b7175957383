import { randomBytes } from "node:crypto";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Application } from "../support/application.ts";
import { pairName, wholePairs } from "../support/browser-pairs.ts";
import { sharedBrowser } from "../support/browser-suite.ts";
import { secretsIn } from "../support/log-secrets.ts";
import { Person, password } from "../support/person.ts";
import { removeFolder, temporaryFolder } from "../support/temporary-folder.ts";

/** What shows that the log is one of a working application. */
const evidence = { direct: "watchword.token.issued", proxy: "watchword.proxy.forwarded" } as const;

for (const pair of wholePairs())
  describe(`${pairName(pair)}: the servers are stopped and started again`, () => {
    const folder = temporaryFolder("restart");
    const secret = randomBytes(32).toString("base64url");
    let application: Application;
    let browser: Browser;
    let ada: Person;

    beforeAll(async () => {
      application = await Application.start({ ...pair, secret, dataFolder: `${folder}/data` });
      browser = await sharedBrowser();
      ada = await Person.arrive(browser, application, "Ada");
      await ada.signUp();
      await ada.addTask("Outlives the servers");
    });

    afterAll(async () => {
      await ada?.leave();
      await browser?.close();
      await application?.stop();
      removeFolder(folder);
    });

    it("the data and the session are still there", async () => {
      await application.restart();
      await ada.page.goto("/tasks");
      await ada.task("Outlives the servers").waitFor();
      await ada.addTask("Added afterwards");
      expect(await ada.titles()).toEqual(["Added afterwards", "Outlives the servers"]);
    });

    it("the account is still there", async () => {
      await ada.signOut();
      await ada.page.goto("/login");
      await ada.sendSignIn();
      await ada.page.waitForURL("**/tasks");
      await ada.task("Outlives the servers").waitFor();
    });

    it("no line of either server's log holds a token, the secret, a cookie or a password", async () => {
      await ada.page.goto("/under-the-hood");
      await ada.page.getByRole("button", { name: "Try it: Open another user's URL" }).click();
      await ada.page.getByRole("region", { name: "Answer: Open another user's URL" }).waitFor();
      await ada.page.goto("/login?returnUrl=/tasks&password=x");
      const cookies = (await ada.context.cookies()).filter(({ name }) => name.includes("session"));
      expect(cookies.length).toBeGreaterThan(0);
      await application.stop();
      expect(application.output).toContain(evidence[pair.mode]);
      const secrets = [
        secret,
        password,
        ...cookies.map(({ value }) => value),
        ...cookies.map(({ value }) => value.split(".")[0] ?? value),
      ];
      expect(secretsIn(application.output, { secrets })).toEqual([]);
    });
  });
