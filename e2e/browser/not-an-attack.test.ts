import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Application } from "../support/application.ts";
import { wholePairs } from "../support/browser-pairs.ts";
import { sharedBrowser } from "../support/browser-suite.ts";
import { Person } from "../support/person.ts";
import { removeFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { openHood } from "./hood.ts";

/** How many attacks "Try them all" sends. Where the page holds no token, there is nothing to forge. */
const attacks = { direct: 10, proxy: 2 } as const;

// A database of its own: the first task of the first user is row 1.
describe.each(wholePairs())("$api+$mode: who asks for what is theirs", (pair) => {
  const folder = temporaryFolder("not an attack");
  const everything = attacks[pair.mode];
  const people: Person[] = [];
  let application: Application;
  let browser: Browser;
  let ada: Person;

  beforeAll(async () => {
    application = await Application.start({
      ...pair,
      secret: randomBytes(32).toString("base64url"),
      dataFolder: `${folder}/data`,
    });
    browser = await sharedBrowser();
    ada = await arrive("Ada");
    await ada.signUp();
    const tasks = `/api/${await ada.userId()}/tasks`;
    for (let count = 1; count <= 60; count += 1)
      await ada.askApi(tasks, { method: "POST", json: { title: `Task ${count}` } });
    const first = await ada.askApi(`${tasks}/1`);
    expect(first).toMatchObject({ status: 200, body: { title: "Task 1" } });
    await ada.page.reload();
    people.pop();
  });

  afterEach(async () => {
    await Promise.all(people.splice(0).map((person) => person.leave()));
  });

  afterAll(async () => {
    await ada?.leave();
    await browser?.close();
    await application?.stop();
    removeFolder(folder);
  });

  async function arrive(name: string): Promise<Person> {
    const person = await Person.arrive(browser, application, name);
    people.push(person);
    return person;
  }

  /** Comes from another page, so that nothing has been tried yet. */
  async function openAnew(person: Person): Promise<void> {
    await person.page.goto("/tasks");
    await openHood(person);
  }

  const panelOf = ({ page }: Person) => page.getByRole("region", { name: "Try to break in" });
  const answerTo = (person: Person, title: string) =>
    panelOf(person).getByRole("region", { name: `Answer: ${title}`, exact: true });

  /** Tries everything, and gives back the sentence that counts. */
  async function tryAll(person: Person): Promise<string> {
    await panelOf(person).getByRole("button", { name: "Try them all" }).click();
    await panelOf(person).locator('button[aria-busy="true"]').first().waitFor({ state: "detached" });
    await answerTo(person, "Open another user's row").waitFor();
    await person.page.getByRole("button", { name: "Try them all", disabled: false }).waitFor();
    return await panelOf(person).getByRole("status").innerText();
  }

  it("with 60 tasks, row 1 among them, every attack is refused, and none is aimed at their own row", async () => {
    await openAnew(ada);
    expect(await tryAll(ada)).toBe(`${everything} of ${everything} refused`);
    expect(await answerTo(ada, "Open another user's row").innerText()).toMatch(/^404\s+not_found/);
    expect(await panelOf(ada).innerText()).not.toContain("got through");
  });

  it("with their own row typed in, it is no attack, and is not counted as one", async () => {
    await openAnew(ada);
    await ada.page.getByLabel("Number of the row").fill("1");
    expect(await tryAll(ada)).toBe(`${everything - 1} of ${everything - 1} refused, 1 not an attack`);
    const answer = await answerTo(ada, "Open another user's row").innerText();
    expect(answer).toMatch(/^200\s+Not an attack: that row is yours\./);
    expect(await panelOf(ada).innerText()).not.toContain("got through");
    await ada.page.getByRole("button", { name: "Try it: Open another user's row" }).click();
    await answerTo(ada, "Open another user's row").getByText("Not an attack").waitFor();
  });

  it("with their own id in the address, it is no attack either", async () => {
    await openAnew(ada);
    await ada.page.getByLabel("User id in the address").fill(await ada.userId());
    expect(await tryAll(ada)).toBe(`${everything - 1} of ${everything - 1} refused, 1 not an attack`);
    const answer = await answerTo(ada, "Open another user's URL").innerText();
    expect(answer).toMatch(/^200\s+Not an attack: that is your own user id\./);
  });

  it("with a proposed row that has become theirs, another one is taken", async () => {
    const ben = await arrive("Ben");
    await ben.signUp();
    await openHood(ben);
    const proposed = await ben.page.getByLabel("Number of the row").inputValue();
    const json = { title: "Ben's" };
    const made = await ben.askApi(`/api/${await ben.userId()}/tasks`, { method: "POST", json });
    const { id } = made.body as { id: number };
    // Row 1 is proposed, which is Ada's; it is as if Ben had been given it.
    await ben.page.route(`**/tasks/${proposed}`, (route) =>
      route.continue({ url: route.request().url().replace(/\d+$/, String(id)) }),
    );
    expect(await tryAll(ben)).toBe(`${everything} of ${everything} refused`);
    expect(await answerTo(ben, "Open another user's row").textContent()).toContain("/tasks/999999999");
  });

  it("as an administrator, every attack is refused", async () => {
    const eve = await arrive("Eve");
    await eve.signUp();
    const database = new DatabaseSync(`${folder}/data/auth.sqlite`, { timeout: 5_000 });
    database
      .prepare('UPDATE "user" SET role = ?, "emailVerified" = 1 WHERE id = ?')
      .run("admin", await eve.userId());
    database.close();
    // What is remembered of the session knows nothing of it yet.
    await eve.signOut();
    await eve.signInAs(eve);
    await eve.page.goto("/admin");
    await eve.page.getByRole("table").waitFor();
    await openHood(eve);
    expect(await tryAll(eve)).toBe(`${everything} of ${everything} refused`);
    if (pair.mode === "proxy") return;
    const answer = await answerTo(eve, "Make yourself an administrator").innerText();
    expect(answer).toMatch(/^401\s+bad_signature/);
  });
});
