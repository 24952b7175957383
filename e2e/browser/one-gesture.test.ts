import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";
import type { Person } from "../support/person.ts";
import { clickTwice, gaps, watchCalls } from "./double-click.ts";

async function withTasks(person: Person, count: number): Promise<string> {
  await person.signUp();
  const tasks = `/api/${await person.userId()}/tasks`;
  for (let number = 1; number <= count; number += 1)
    await person.askApi(tasks, { method: "POST", json: { title: `Task ${number}` } });
  await person.page.reload();
  await person.task(`Task ${count}`).waitFor();
  return tasks;
}

const titlesKept = async (person: Person, tasks: string) =>
  ((await person.askApi(tasks)).body as { items: { title: string }[] }).items.map(({ title }) => title);

describeApplications("one gesture changes one row", { once: true }, (stage) => {
  it.each(gaps)(
    "of tasks, when the bin is clicked twice within %i ms, and the message names it",
    async (gap) => {
      const ada = await stage.person("Ada");
      const { page } = ada;
      const tasks = await withTasks(ada, 4);
      const { sent } = watchCalls(ada);
      const deleted = ada.apiAnswer("DELETE");
      await clickTwice(page, page.getByRole("button", { name: 'Delete "Task 4"' }), gap);
      expect(await deleted).toBe(204);
      await page.getByText("Task deleted: “Task 4”").waitFor();
      expect(sent("DELETE")).toBe(1);
      expect(await titlesKept(ada, tasks)).toEqual(["Task 3", "Task 2", "Task 1"]);
      expect(await ada.titles()).toEqual(["Task 3", "Task 2", "Task 1"]);
      expect(await page.getByText("was not deleted").count()).toBe(0);
    },
  );

  it.each(gaps)("of open tasks, when one is completed by two clicks within %i ms", async (gap) => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await withTasks(ada, 4);
    await page.getByRole("radio", { name: "Open", exact: true }).check();
    const { sent } = watchCalls(ada);
    const completed = ada.apiAnswer("PATCH");
    await clickTwice(page, page.getByRole("checkbox", { name: 'Complete "Task 4"' }), gap);
    expect(await completed).toBe(200);
    await ada.task("Task 4").waitFor({ state: "detached" });
    expect(await ada.titles()).toEqual(["Task 3", "Task 2", "Task 1"]);
    expect(sent("PATCH")).toBe(1);
  });

  it.each(gaps)(
    "of tasks, when a dialog is opened and saved by two clicks within %i ms each",
    async (gap) => {
      const ada = await stage.person("Ada");
      const { page } = ada;
      await withTasks(ada, 6);
      const { sent } = watchCalls(ada);
      await clickTwice(page, page.getByRole("button", { name: 'Edit "Task 3"' }), gap);
      const dialog = page.getByRole("dialog", { name: "Edit task" });
      await dialog.getByLabel("Title", { exact: true }).fill("Changed once");
      const saved = ada.apiAnswer("PATCH");
      await clickTwice(page, dialog.getByRole("button", { name: "Save" }), gap);
      expect(await saved).toBe(200);
      await dialog.waitFor({ state: "hidden" });
      await ada.task("Changed once").waitFor();
      expect([sent("PATCH"), sent("DELETE")]).toEqual([1, 0]);
      expect(await page.getByText("was not changed").count()).toBe(0);
    },
  );

  it.each(gaps)("of posts, when one is written and deleted by two clicks within %i ms each", async (gap) => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    for (const title of ["Older", "Old"])
      await ada.askApi("/api/v1/posts", {
        method: "POST",
        json: { title: `${title} ${ada.email}`, body: "b" },
      });
    await page.goto("/posts");
    await page.getByRole("article", { name: `Old ${ada.email}` }).waitFor();
    const { sent } = watchCalls(ada);
    await clickTwice(page, page.getByRole("button", { name: "Write a post" }), gap);
    const dialog = page.getByRole("dialog", { name: "Write a post" });
    const title = `New ${ada.email}`;
    await dialog.getByLabel("Title", { exact: true }).fill(title);
    await dialog.getByLabel("Text", { exact: true }).fill("b");
    const published = ada.apiAnswer("POST");
    await clickTwice(page, dialog.getByRole("button", { name: "Publish" }), gap);
    expect(await published).toBe(201);
    await page.getByRole("article", { name: title }).waitFor();
    expect(sent("POST")).toBe(1);
    const deleted = ada.apiAnswer("DELETE");
    await clickTwice(page, page.getByRole("button", { name: `Delete "${title}"` }), gap);
    expect(await deleted).toBe(204);
    await page.getByText(`Post deleted: “${title}”`).waitFor();
    expect(sent("DELETE")).toBe(1);
    await page.getByRole("article", { name: `Old ${ada.email}` }).waitFor();
  });

  it.each(gaps)(
    "of conversations, when a suggestion and a bin are clicked twice within %i ms",
    async (gap) => {
      const ada = await stage.person("Ada");
      const { page } = ada;
      await ada.signUp();
      const chat = `/api/${await ada.userId()}/chat`;
      for (const message of ["help", "summary"])
        await ada.askApi(chat, { method: "POST", json: { message } });
      await page.goto("/chat");
      const { sent } = watchCalls(ada);
      const answered = ada.apiAnswer("POST");
      await clickTwice(page, page.getByRole("button", { name: "Add buy milk" }), gap);
      expect(await answered).toBe(200);
      const nav = page.getByRole("navigation", { name: "Conversations" });
      await nav.getByRole("button", { name: /^Add buy milk/ }).waitFor();
      expect(sent("POST")).toBe(1);
      const deleted = ada.apiAnswer("DELETE");
      await clickTwice(page, nav.getByRole("button", { name: 'Delete the conversation "summary"' }), gap);
      expect(await deleted).toBe(204);
      await nav.getByRole("button", { name: /^summary/ }).waitFor({ state: "detached" });
      await nav.getByRole("button", { name: /^help/ }).waitFor();
      expect(sent("DELETE")).toBe(1);
    },
  );

  it.each(gaps)("of sessions, when one is ended by two clicks within %i ms", async (gap) => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    const others = [await stage.person("Ada"), await stage.person("Ada")];
    for (const other of others) await other.signInAs(ada);
    await page.goto("/account");
    const ends = page.getByRole("button", { name: /^End the session of / });
    await ends.nth(1).waitFor();
    const ended = page.waitForResponse((answer) => answer.request().method() === "POST");
    await clickTwice(page, ends.first(), gap);
    await ended;
    await expect.poll(() => ends.count()).toBe(1);
    const admitted = await Promise.all(others.map((other) => other.admission()));
    expect(admitted.sort()).toEqual([200, 401]);
  });

  it.each(gaps)("of tasks, when a deletion is undone by two clicks within %i ms", async (gap) => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    const tasks = await withTasks(ada, 3);
    const deleted = ada.apiAnswer("DELETE");
    await page.getByRole("button", { name: 'Delete "Task 3"' }).click();
    expect(await deleted).toBe(204);
    const { sent } = watchCalls(ada);
    const broughtBack = ada.apiAnswer("POST");
    await clickTwice(page, page.getByRole("button", { name: "Undo" }), gap);
    expect(await broughtBack).toBe(201);
    await ada.task("Task 3").waitFor();
    await page.getByRole("button", { name: "Undo" }).waitFor({ state: "detached" });
    expect(sent("POST")).toBe(1);
    expect(await titlesKept(ada, tasks)).toEqual(["Task 3", "Task 2", "Task 1"]);
  });

  it("two gestures change two rows: by a moved pointer at once, in one place after a moment, and by keys", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    const tasks = await withTasks(ada, 8);
    const bin = (title: string) => page.getByRole("button", { name: `Delete "${title}"` });
    const { sent } = watchCalls(ada);
    await bin("Task 8").click();
    await bin("Task 5").click();
    await expect.poll(() => sent("DELETE")).toBe(2);

    const place = await bin("Task 7").boundingBox();
    if (place === null) throw new Error("There is no bin.");
    const clickThere = () => page.mouse.click(place.x + place.width / 2, place.y + place.height / 2);
    await clickThere();
    await ada.task("Task 7").waitFor({ state: "detached" });
    await page.waitForTimeout(600);
    await clickThere();
    await ada.task("Task 6").waitFor({ state: "detached" });

    for (const title of ["Task 4", "Task 3"]) {
      await bin(title).focus();
      await page.keyboard.press("Enter");
    }
    await ada.task("Task 3").waitFor({ state: "detached" });
    await expect.poll(() => titlesKept(ada, tasks)).toEqual(["Task 2", "Task 1"]);
    expect(sent("DELETE")).toBe(6);
  });

  it("a bin that is pressed twice by a script or a key that is held down deletes once", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    const tasks = await withTasks(ada, 3);
    const { sent } = watchCalls(ada);
    await page.getByRole("button", { name: 'Delete "Task 3"' }).evaluate((button: HTMLElement) => {
      button.click();
      button.click();
    });
    await page.getByText("Task deleted: “Task 3”").waitFor();
    await page.getByRole("button", { name: 'Delete "Task 2"' }).focus();
    for (let time = 0; time < 4; time += 1) await page.keyboard.down("Enter");
    await page.keyboard.up("Enter");
    await page.getByText("Task deleted: “Task 2”").waitFor();
    expect(sent("DELETE")).toBe(2);
    expect(await titlesKept(ada, tasks)).toEqual(["Task 1"]);
    expect(await page.getByText("was not deleted").count()).toBe(0);
  });

  it("a message shortens a long name, and keeps its writing direction", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    const title = `اشتر ${"x".repeat(195)}`;
    await ada.addTask(title);
    await page.getByRole("button", { name: `Delete "${title}"` }).click();
    const name = page.getByText("Task deleted").locator("bdi");
    expect(await name.innerText()).toBe(`“${title.slice(0, 39)}…”`);
    expect(await name.evaluate((node) => getComputedStyle(node).direction)).toBe("rtl");
  });
});
