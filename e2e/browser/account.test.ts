import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Application } from "../support/application.ts";
import { anyPair } from "../support/browser-pairs.ts";
import { sharedBrowser } from "../support/browser-suite.ts";
import { Person, password } from "../support/person.ts";
import { removeFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { MailServer } from "./mail-server.ts";

const newPassword = "another-good-password-7";

describe.each(anyPair())("$api+$mode: a user looks after the account", (pair) => {
  const folder = temporaryFolder("account");
  const secret = randomBytes(32).toString("base64url");
  const people: Person[] = [];
  let mail: MailServer;
  let application: Application;
  let browser: Browser;

  beforeAll(async () => {
    mail = await MailServer.start();
    application = await Application.start({
      ...pair,
      secret,
      dataFolder: `${folder}/data`,
      settings: { SMTP_URL: mail.url },
    });
    browser = await sharedBrowser();
  });

  afterEach(async () => {
    await Promise.all(people.splice(0).map((person) => person.leave()));
  });

  afterAll(async () => {
    await browser?.close();
    await application?.stop();
    await mail?.stop();
    removeFolder(folder);
  });

  async function arrive(name = "Ada"): Promise<Person> {
    const person = await Person.arrive(browser, application, name);
    people.push(person);
    return person;
  }

  /** The same user on another device. */
  async function onAnotherDevice(person: Person): Promise<Person> {
    const other = await arrive(person.name);
    await other.signInAs(person);
    return other;
  }

  it("chooses a new password by the link of a letter, which works once and ends every session", async () => {
    const ada = await arrive();
    const { page } = ada;
    await ada.signUp();
    const visitor = await arrive("Ada");
    await visitor.page.goto("/login");
    await visitor.page.getByRole("link", { name: "Forgot it?" }).click();
    await visitor.page.getByRole("heading", { name: "Forgot your password?" }).waitFor();
    await visitor.page.getByLabel("Email", { exact: true }).fill(ada.email);
    await visitor.page.getByRole("button", { name: "Send me a link" }).click();
    await visitor.page.getByText("Look into your mailbox").waitFor();
    const link = await mail.linkFor(ada.email);
    await visitor.page.goto(link);
    await visitor.page.getByRole("heading", { name: "Choose a new password" }).waitFor();
    await visitor.page.waitForURL((url) => url.search === "");
    await visitor.page.getByLabel("New password", { exact: true }).fill(newPassword);
    await visitor.page.getByRole("button", { name: "Save the new password" }).click();
    await visitor.page.getByText("Your new password is saved").waitFor();
    expect(await ada.admission()).toBe(401);

    await page.goto("/login");
    await ada.sendSignIn(password);
    await page.getByText(/password is wrong/i).waitFor();
    await ada.sendSignIn(newPassword);
    await page.waitForURL("**/tasks");

    await visitor.page.goto(link);
    await visitor.page.getByText("This link is no longer good").waitFor();
  });

  it("is told the same for an address without an account, and nothing is sent there", async () => {
    const ada = await arrive();
    const stranger = `nobody-${randomBytes(4).toString("hex")}@example.test`;
    await ada.page.goto("/forgot-password");
    await ada.page.getByLabel("Email", { exact: true }).fill(stranger);
    await ada.page.getByRole("button", { name: "Send me a link" }).click();
    await ada.page.getByText("Look into your mailbox").waitFor();
    expect(mail.letters.filter(({ to }) => to === stranger)).toEqual([]);
  });

  it("confirms the address by the link of a letter, and only then can be made an administrator", async () => {
    const ada = await arrive();
    const { page } = ada;
    await ada.signUp();
    await page.goto("/admin");
    await page.getByText("This page is for administrators").waitFor();
    expect((await grant(ada.email)).stderr).toContain("has not been verified");

    await page.goto("/account");
    await page.getByText("Not confirmed").waitFor();
    await page.getByRole("button", { name: "Confirm this address" }).click();
    const link = await mail.linkFor(ada.email);
    await page.goto(link.replace("token=", "token=x"));
    await page.getByText("This link is no longer good").waitFor();
    await page.getByRole("button", { name: "Confirm this address" }).waitFor();
    await page.goto(link);
    await page.waitForURL("**/account");
    await page.getByText("Confirmed", { exact: true }).waitFor();

    expect(await grant(ada.email)).toEqual({ code: 0, stderr: "" });
    await ada.signOut();
    await page.goto("/login");
    await ada.sendSignIn();
    await page.waitForURL("**/tasks");
    await page.getByRole("button", { name: ada.name, exact: true }).click();
    await page.getByRole("menuitem", { name: "Administration" }).click();
    await page.getByRole("cell", { name: ada.email }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/admin");
  });

  it("changes the password: the other devices are out, this one stays", async () => {
    const ada = await arrive();
    const { page } = ada;
    await ada.signUp();
    const other = await onAnotherDevice(ada);
    await page.goto("/account");
    await page.getByLabel("Current password", { exact: true }).fill("not the password");
    await page.getByLabel("New password", { exact: true }).fill(newPassword);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByText("This is not your password.").waitFor();
    await page.getByLabel("Current password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByText("Password changed").waitFor();
    expect([await ada.admission(), await other.admission()]).toEqual([200, 401]);
    await page.getByRole("link", { name: "Tasks" }).click();
    await ada.addTask("Still here");
  });

  it("sees the sessions with their devices, ends one, and then all", async () => {
    const ada = await arrive();
    const { page } = ada;
    await ada.signUp();
    const other = await onAnotherDevice(ada);
    await page.goto("/account");
    const sessions = page.getByRole("list", { name: "Sessions" }).getByRole("listitem");
    await sessions.nth(1).waitFor();
    expect(await sessions.count()).toBe(2);
    expect(await sessions.first().innerText()).toContain("This device");
    expect(await sessions.first().innerText()).toMatch(/Chrome.* on Linux/);
    const html = await page.content();
    for (const { value } of await ada.context.cookies()) {
      const token = decodeURIComponent(value).split(".")[0] ?? "";
      if (token.length > 20) expect(html).not.toContain(token);
    }
    await sessions
      .nth(1)
      .getByRole("button", { name: /^End the session/ })
      .click();
    await sessions.nth(1).waitFor({ state: "detached" });
    expect([await ada.admission(), await other.admission()]).toEqual([200, 401]);

    const third = await onAnotherDevice(ada);
    await page.getByRole("button", { name: "Sign out everywhere" }).click();
    await page.waitForURL((url) => url.pathname === "/");
    expect([await ada.admission(), await third.admission()]).toEqual([401, 401]);
  });

  it("ends a session from the application's own pages only", async () => {
    const ada = await arrive();
    const { page } = ada;
    await ada.signUp();
    const other = await onAnotherDevice(ada);
    await page.goto("/account");
    await page.route("**/account", (route) =>
      route.request().method() === "POST" ? route.abort() : route.continue(),
    );
    const asked = page.waitForRequest((request) => request.method() === "POST");
    await page.getByRole("button", { name: /^End the session/ }).click();
    const request = await asked;
    const from = async (origin: string) => {
      const headers = { ...request.headers(), origin };
      const answer = await ada.context.request.post("/account", { headers, data: request.postData() ?? "" });
      return [answer.status(), await other.admission()];
    };
    expect(await from("https://evil.test")).toEqual([500, 200]);
    expect(await from("null")).toEqual([500, 200]);
    expect(await from(application.webOrigin)).toEqual([200, 401]);
  });

  it("keeps the profile at the API", async () => {
    const ada = await arrive();
    const { page } = ada;
    await ada.signUp();
    await page.goto("/account");
    await page.getByLabel("User name").fill("not valid");
    await page.getByRole("button", { name: "Save profile" }).click();
    await page.getByText(/without accents/).waitFor();
    await page.getByLabel("User name").fill("ada.l");
    await page.getByLabel("Name", { exact: true }).fill("Ada Lovelace");
    await page.getByRole("button", { name: "Save profile" }).click();
    await page.getByText("Profile saved").waitFor();
    await page.getByRole("button", { name: "Ada Lovelace", exact: true }).waitFor();
    expect((await ada.askApi("/api/v1/users/me")).body).toMatchObject({
      name: "Ada Lovelace",
      username: "ada.l",
    });
  });

  it("deletes the account, with the password only", async () => {
    const ada = await arrive();
    const { page } = ada;
    await ada.signUp();
    await page.goto("/account");
    await page.getByRole("button", { name: "Delete account" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete account" });
    await dialog.getByLabel("Password", { exact: true }).fill("not the password");
    await dialog.getByRole("button", { name: "Delete for good" }).click();
    await dialog.getByText("This is not your password.").waitFor();
    await dialog.getByLabel("Password", { exact: true }).fill(password);
    await dialog.getByRole("button", { name: "Delete for good" }).click();
    await page.getByText("Your account is deleted.").waitFor();
    await ada.sendSignIn();
    await page.getByText(/password is wrong/i).waitFor();
  });

  /** `npm run admin -- grant EMAIL` on the application's database. */
  function grant(email: string): Promise<{ code: number; stderr: string }> {
    const script = fileURLToPath(new URL("../../scripts/admin.mjs", import.meta.url));
    const env = {
      PATH: process.env["PATH"] ?? "",
      HOME: process.env["HOME"] ?? "",
      BETTER_AUTH_SECRET: secret,
      BETTER_AUTH_URL: application.webOrigin,
      DATABASE_URL: `file:${folder}/data`,
    };
    return new Promise((resolve) => {
      execFile(process.execPath, [script, "grant", email], { env }, (error, _stdout, stderr) =>
        resolve({ code: error ? 1 : 0, stderr }),
      );
    });
  }
});

describe.each(anyPair())("$api+$mode: without a mail server, on this machine", (pair) => {
  const folder = temporaryFolder("no mail");
  let application: Application;
  let browser: Browser;

  beforeAll(async () => {
    application = await Application.start({
      ...pair,
      secret: randomBytes(32).toString("base64url"),
      dataFolder: `${folder}/data`,
      settings: {
        REQUIRE_EMAIL_VERIFICATION: "1",
        SIGN_IN_ATTEMPTS_PER_MINUTE: "3",
        GITHUB_CLIENT_ID: "an-id",
        GITHUB_CLIENT_SECRET: "a-secret-of-github",
      },
    });
    browser = await sharedBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await application?.stop();
    removeFolder(folder);
  });

  const links = () =>
    application.output
      .split("\n")
      .filter((line) => line.includes('"watchword.mail.link"'))
      .map((line) => (JSON.parse(line) as { "url.full": string })["url.full"]);

  it("who signs up is in after opening the link that the server's log holds, and not before", async () => {
    const ada = await Person.arrive(browser, application, "Ada");
    const { page } = ada;
    await page.goto("/sign-up");
    await page.getByLabel("Name", { exact: true }).fill("Ada");
    await page.getByLabel("Email", { exact: true }).fill(ada.email);
    await page.getByLabel("Password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Create account" }).click();
    await page.getByText("Look into the server's log").waitFor();
    await page.goto("/login");
    await ada.sendSignIn();
    await page.getByText("has not been confirmed yet").waitFor();
    const link = links()[0] ?? "";
    await page.goto(link.replace("token=", "token=x"));
    expect(await page.getByRole("alert").filter({ hasText: "This link" }).innerText()).toContain(
      "no longer good",
    );
    expect(new URL(page.url()).searchParams.get("returnUrl")).toBe("/tasks");
    await page.goto(link);
    await page.waitForURL("**/tasks");
    await ada.addTask("Inside");
    await ada.leave();
  });

  it("who chooses another service is sent there with its keys' id, and only services with keys have a button", async () => {
    const ada = await Person.arrive(browser, application, "Ada");
    const { page } = ada;
    // The service itself cannot be reached from a test: what matters is where the browser is sent.
    await page.route("https://github.com/**", (route) => route.fulfill({ body: "the service" }));
    await page.goto("/login");
    expect(await page.getByRole("button", { name: "Continue with Google" }).count()).toBe(0);
    await page.getByRole("button", { name: "Continue with GitHub" }).click();
    await page.waitForURL("https://github.com/**");
    const query = new URL(page.url()).searchParams;
    expect(query.get("client_id")).toBe("an-id");
    expect(query.get("redirect_uri")).toBe(`${application.webOrigin}/api/auth/callback/github`);
    expect(page.url()).not.toContain("a-secret-of-github");
    await ada.leave();
  });

  it("who tries too often sees how long to wait, counting down", async () => {
    const eve = await Person.arrive(browser, application, "Eve");
    const { page } = eve;
    await page.goto("/login");
    const wait = page.getByRole("button", { name: /^Try again in \d+ s$/ });
    for (let attempt = 0; attempt < 4 && (await wait.count()) === 0; attempt++) {
      const answered = page.waitForResponse((answer) => answer.url().endsWith("/sign-in/email"));
      await eve.sendSignIn("not-the-password");
      await answered;
      await page.getByRole("alert").first().waitFor();
    }
    await wait.waitFor();
    expect(await wait.isDisabled()).toBe(true);
    await page.getByText("Too many attempts").waitFor();
    const seconds = async () => Number(/\d+/.exec(await wait.innerText())?.[0]);
    const first = await seconds();
    await expect.poll(seconds, { timeout: 5_000 }).toBeLessThan(first);
    await eve.leave();
  });
});
