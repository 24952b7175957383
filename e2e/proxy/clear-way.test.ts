import { randomBytes } from "node:crypto";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Application } from "../support/application.ts";
import { chromiumProgram } from "../support/browser.ts";
import { Person } from "../support/person.ts";
import { freePort } from "../support/server-process.ts";
import { removeFolder, temporaryFolder } from "../support/temporary-folder.ts";

describe("an application in the clear outside of this machine, with ALLOW_HTTP=1", () => {
  const folder = temporaryFolder("clear way");
  let application: Application;
  let browser: Browser;
  let webOrigin: string;

  beforeAll(async () => {
    const [webPort, apiPort] = [await freePort(), await freePort()];
    webOrigin = `http://app.test:${webPort}`;
    application = await Application.start({
      api: "hono",
      dataFolder: folder,
      secret: randomBytes(32).toString("base64url"),
      webPort,
      apiPort,
      settings: {
        ALLOW_HTTP: "1",
        API_MODE: "proxy",
        BETTER_AUTH_URL: webOrigin,
        CORS_ORIGINS: webOrigin,
        NEXT_PUBLIC_API_URL: `http://api.test:${apiPort}`,
        API_URL: `http://127.0.0.1:${apiPort}`,
        REVOCATION_FEED_URL: `http://127.0.0.1:${webPort}/api/auth/revocations`,
      },
    });
    browser = await chromium.launch({
      executablePath: await chromiumProgram(),
      args: [
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--host-resolver-rules=MAP *.test 127.0.0.1",
      ],
    });
  });

  afterAll(async () => {
    await browser?.close();
    await application?.stop();
    removeFolder(folder);
  });

  it("works by the proxy, as the start says, although the browser counts its pages as insecure", async () => {
    const ada = await Person.arrive(browser, application, "Ada", { baseURL: webOrigin });
    const { page } = ada;
    await ada.signUp();
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    const saved = page.waitForResponse((answer) => answer.request().method() === "POST");
    await ada.newTask.fill("Sent in the clear, without a token");
    await page.keyboard.press("Enter");
    expect((await saved).status()).toBe(201);
    await page.reload();
    await ada.task("Sent in the clear, without a token").waitFor();
    const given = await page.evaluate(async () => (await fetch("/api/auth/token")).status);
    expect(given).toBe(404);
  });
});
