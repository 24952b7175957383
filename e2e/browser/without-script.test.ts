import { expect, it } from "vitest";
import { describeApplications } from "../support/browser-suite.ts";

describeApplications("where no script runs", { once: true }, (stage) => {
  it("a user sees the tasks and adds one, which the server asks of the API as that user", async () => {
    const ada = await stage.person("Ada");
    await ada.signUp();
    await ada.addTask("Written with script");
    const storageState = await ada.context.storageState();
    const { page } = await stage.person("Ada", { javaScriptEnabled: false, storageState });
    await page.goto("/tasks");
    await page.getByRole("button", { name: 'Edit "Written with script"' }).waitFor();

    const input = page.getByRole("textbox", { name: "New task" });
    await input.fill("   ");
    await page.getByRole("button", { name: "Add task" }).click();
    await page.getByRole("alert").getByText("Write what is to be done.").waitFor();
    await input.fill("Written without");
    await page.getByRole("button", { name: "Add task" }).click();
    await page.getByRole("button", { name: 'Edit "Written without"' }).waitFor();
    // The answer to the form was a redirect: loading the page again sends nothing again.
    await page.reload();
    expect(await page.getByRole("button", { name: /^Edit "Written/ }).count()).toBe(2);

    await ada.task("Written without").waitFor();
    const { body } = await ada.askApi(`/api/${await ada.userId()}/tasks`);
    const titles = (body as { items: readonly { title: string }[] }).items.map(({ title }) => title);
    expect(titles).toEqual(["Written without", "Written with script"]);
  });
});
