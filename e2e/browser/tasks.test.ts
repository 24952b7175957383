import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";

describeApplications("a user keeps tasks", { smoke: true }, (stage) => {
  it("signs up, adds, completes, edits and deletes tasks, and signs out", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();

    await ada.addTask("Buy milk");
    await ada.addTask("Write a letter");
    expect(await ada.titles()).toEqual(["Write a letter", "Buy milk"]);

    const completed = ada.apiAnswer("PATCH");
    await page.getByRole("checkbox", { name: 'Complete "Buy milk"' }).click();
    expect(await completed).toBe(200);
    expect(await page.getByRole("checkbox", { name: 'Reopen "Buy milk"' }).isChecked()).toBe(true);

    const edited = ada.apiAnswer("PATCH");
    await page.getByRole("button", { name: 'Edit "Write a letter"' }).click();
    const dialog = page.getByRole("dialog", { name: "Edit task" });
    await dialog.getByLabel("Title", { exact: true }).fill("Write two letters");
    await dialog.getByLabel("Description", { exact: true }).fill("One to Grace");
    await dialog.getByRole("button", { name: "Save" }).click();
    expect(await edited).toBe(200);
    await dialog.waitFor({ state: "hidden" });
    expect(await ada.task("Write two letters").innerText()).toContain("One to Grace");

    await page.reload();
    await ada.task("Write two letters").waitFor();
    expect(await page.getByRole("checkbox", { name: 'Reopen "Buy milk"' }).isChecked()).toBe(true);
    expect(await ada.task("Write two letters").innerText()).toContain("One to Grace");

    const deleted = ada.apiAnswer("DELETE");
    await page.getByRole("button", { name: 'Delete "Buy milk"' }).click();
    expect(await deleted).toBe(204);
    await ada.task("Buy milk").waitFor({ state: "detached" });
    expect(await ada.titles()).toEqual(["Write two letters"]);

    await ada.signOut();
    await page.goto("/tasks");
    expect(new URL(page.url()).pathname).toBe("/login");
    expect(ada.complaints).toEqual([]);
  });
});

describeApplications("the list of tasks", {}, (stage) => {
  it("finds tasks by filter and by search", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    for (const title of ["Red apple", "Green apple", "Pear"]) await ada.addTask(title);
    const completed = ada.apiAnswer("PATCH");
    await page.getByRole("checkbox", { name: 'Complete "Pear"' }).click();
    await completed;

    await page.getByRole("radio", { name: "Open", exact: true }).check();
    await ada.task("Pear").waitFor({ state: "detached" });
    expect(await ada.titles()).toEqual(["Green apple", "Red apple"]);

    await page.getByRole("radio", { name: "Done", exact: true }).check();
    await ada.task("Pear").waitFor();
    await ada.task("Red apple").waitFor({ state: "detached" });
    expect(await ada.titles()).toEqual(["Pear"]);

    await page.getByRole("radio", { name: "All", exact: true }).check();
    await ada.task("Red apple").waitFor();
    await page.getByRole("searchbox", { name: "Search tasks" }).fill("RED");
    await ada.task("Green apple").waitFor({ state: "detached" });
    expect(await ada.titles()).toEqual(["Red apple"]);
  });

  it("works with the keyboard alone", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    const saved = ada.apiAnswer("POST");
    await ada.newTask.focus();
    await page.keyboard.type("Typed");
    await page.keyboard.press("Enter");
    expect(await saved).toBe(201);

    const box = page.getByRole("checkbox", { name: 'Complete "Typed"' });
    await box.focus();
    const completed = ada.apiAnswer("PATCH");
    await page.keyboard.press("Space");
    expect(await completed).toBe(200);

    await page.getByRole("button", { name: 'Edit "Typed"' }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Edit task" });
    await dialog.waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });

    const deleted = ada.apiAnswer("DELETE");
    await page.getByRole("button", { name: 'Delete "Typed"' }).focus();
    await page.keyboard.press("Enter");
    expect(await deleted).toBe(204);
  });

  it("sees a change at once, and sees it taken back with a reason when the API refuses it", async () => {
    const ada = await stage.person("Ada");
    const { page, addresses } = ada;
    await ada.signUp();
    await ada.addTask("Stays open");

    let answer: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route(`${addresses.apiAddress}/**/complete`, async (route) => {
      await held;
      await route.abort();
    });
    await page.getByRole("checkbox", { name: 'Complete "Stays open"' }).click();
    await page.getByRole("checkbox", { name: 'Reopen "Stays open"' }).waitFor();
    answer?.();
    await page.getByRole("checkbox", { name: 'Complete "Stays open"' }).waitFor();
    expect(await page.getByRole("checkbox", { name: 'Complete "Stays open"' }).isChecked()).toBe(false);
    await page.getByText("The task is still open").waitFor();

    await page.unroute(`${addresses.apiAddress}/**/complete`);
    const completed = ada.apiAnswer("PATCH");
    await page.getByRole("button", { name: "Try again" }).click();
    expect(await completed).toBe(200);
    await page.getByRole("checkbox", { name: 'Reopen "Stays open"' }).waitFor();
  });

  it("does not overwrite what was changed on another device meanwhile", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    await ada.addTask("Before");
    const tasks = `/api/${await ada.userId()}/tasks`;
    const { items } = (await ada.askApi(tasks)).body as { items: readonly { id: number }[] };
    await page.getByRole("button", { name: 'Edit "Before"' }).click();
    const dialog = page.getByRole("dialog", { name: "Edit task" });
    await dialog.getByLabel("Title", { exact: true }).fill("From here");
    await ada.askApi(`${tasks}/${items[0]?.id}`, { method: "PATCH", json: { title: "From elsewhere" } });
    const answered = ada.apiAnswer("PATCH");
    await dialog.getByRole("button", { name: "Save" }).click();
    expect(await answered).toBe(412);
    await page.getByText("The task was not changed").waitFor();
    await ada.task("From elsewhere").waitFor();
    expect(await ada.titles()).toEqual(["From elsewhere"]);
  });

  it("is told when the tasks cannot be loaded, and can try again", async () => {
    const ada = await stage.person("Ada");
    const { page, addresses } = ada;
    await ada.signUp();
    await ada.addTask("Comes back");
    await page.route(`${addresses.apiAddress}/**`, (route) => route.abort());
    await page.reload();
    const again = page.getByRole("button", { name: "Try again" });
    await again.waitFor({ timeout: 30_000 });
    await page.unroute(`${addresses.apiAddress}/**`);
    await again.click();
    await ada.task("Comes back").waitFor();
    expect(new URL(page.url()).pathname).toBe("/tasks");
  });

  it("keeps text as it was typed, markup included", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    const title = "<img src=x onerror=alert(1)> & \u201cquotes\u201d \u{1f600}";
    await ada.addTask(title);
    await ada.page.reload();
    await ada.task(title).waitFor();
    expect(await ada.titles()).toEqual([title]);
    expect(ada.complaints).toEqual([]);
  });

  it("reads from right to left what is written so, and the rest as before", async () => {
    const ada = await stage.person("Ada");
    const { page } = ada;
    await ada.signUp();
    const direction = (text: string) =>
      page.getByText(text, { exact: true }).evaluate((node) => getComputedStyle(node).direction);
    const [arabic, english] = ["اشتر الحليب!", "Buy milk!"];
    await ada.addTask(english);
    await ada.newTask.fill(arabic);
    expect(await ada.newTask.evaluate((node) => getComputedStyle(node).direction)).toBe("rtl");
    await ada.addTask(arabic);
    expect([await direction(arabic), await direction(english)]).toEqual(["rtl", "ltr"]);
  });
});
